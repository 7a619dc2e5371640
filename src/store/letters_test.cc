#include "store/letters.h"

#include "store/fixture_test.h"
#include "store/platform_letters.h"

#include <atomic>
#include <set>

namespace gatehouse::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class LettersTest : public StoreTest {
 protected:
  LetterId add(base::Time created_at = kNoon, std::int64_t urgency = 1) {
    const auto id = LetterId::make(created_at);
    run([&](db::Transaction& tx) {
      insert_letter(tx, {id, std::nullopt, "welcome", email("ann@x.example"), db::Bytes{"sealed"}, urgency, created_at,
                         created_at + 48h});
    });
    return id;
  }
  std::vector<ClaimedLetter> claim(base::Time now, std::int64_t limit = 10) {
    return run([&](db::Transaction& tx) { return claim_letters(tx, now, now + 60s, limit); });
  }
  std::vector<LetterId> claim_ids(base::Time now, std::int64_t limit = 10) {
    std::vector<LetterId> ids;
    for (const ClaimedLetter& letter : claim(now, limit)) ids.push_back(letter.id);
    return ids;
  }
  std::string status(LetterId id) {
    return run([&](db::Transaction& tx) { return find_letter_state(tx, id); }).value().status;
  }
  std::int64_t waiting_contents() {
    return run([](db::Transaction& tx) { return std::int64_t(list_waiting_contents(tx, {}, 100).size()); });
  }
};

INSTANTIATE_TEST_SUITE_P(Both, LettersTest, testing::Values(db::Dialect::sqlite, db::Dialect::postgresql),
                         [](const auto& parameter) { return support::dialect_name(parameter.param); });

TEST_P(LettersTest, AreClaimedAsTheyWereWritten) {
  const LetterId id = add();
  const auto claimed = claim(kNoon);
  ASSERT_EQ(claimed.size(), 1U);
  EXPECT_EQ(claimed[0].id, id);
  EXPECT_EQ(claimed[0].template_name, "welcome");
  EXPECT_EQ(claimed[0].recipient, email("ann@x.example"));
  EXPECT_EQ(claimed[0].content, db::Bytes{"sealed"});
  EXPECT_EQ(claimed[0].tries, 1);
  EXPECT_EQ(claimed[0].created_at, kNoon);
  EXPECT_EQ(claimed[0].expires_at, kNoon + 48h);
}

TEST_P(LettersTest, ALeaseKeepsOthersAwayUntilItIsOver) {
  const LetterId id = add();
  EXPECT_THAT(claim_ids(kNoon), ElementsAre(id));
  EXPECT_THAT(claim_ids(at(59)), IsEmpty());
  const auto again = claim(at(60));
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].tries, 2);
}

TEST_P(LettersTest, TheOldestAreClaimedFirstAndNoneBeforeItIsDue) {
  const LetterId late = add(at(30)), early = add(at(10)), future = add(at(100));
  EXPECT_THAT(claim_ids(at(50), 1), ElementsAre(early));
  EXPECT_THAT(claim_ids(at(50), 5), ElementsAre(late));
  EXPECT_THAT(claim_ids(at(100), 5), UnorderedElementsAre(future));
}

TEST_P(LettersTest, TheMostUrgentGoFirstHoweverLongOthersWait) {
  const LetterId notice = add(at(1), 2), link = add(at(9), 0), account = add(at(5), 1);
  EXPECT_THAT(claim_ids(at(10), 1), ElementsAre(link));
  EXPECT_THAT(claim_ids(at(10), 1), ElementsAre(account));
  EXPECT_THAT(claim_ids(at(10), 1), ElementsAre(notice));
}

TEST_P(LettersTest, SeveralClaimersShareThemAndNoneIsClaimedTwice) {
  constexpr std::size_t kLetters = 40;
  std::set<LetterId> written;
  while (written.size() < kLetters) written.insert(add());
  std::atomic<std::size_t> claimed = 0;
  std::vector<std::future<std::vector<LetterId>>> claimers;
  for (int i = 0; i < 6; ++i) {
    claimers.push_back(std::async(std::launch::async, [&] {
      std::vector<LetterId> mine;
      // One that gets nothing while others hold their locks looks again; the bound ends the test if one is lost.
      for (int looks = 0; claimed < kLetters && looks < 500; ++looks) {
        for (const LetterId id : claim_ids(kNoon, 5)) {
          mine.push_back(id);
          ++claimed;
        }
      }
      return mine;
    }));
  }
  std::vector<LetterId> all;
  for (auto& claimer : claimers) std::ranges::move(claimer.get(), std::back_inserter(all));
  EXPECT_EQ(all.size(), kLetters);
  EXPECT_EQ(std::set<LetterId>(all.begin(), all.end()), written);
}

TEST_P(LettersTest, ASentLetterLosesItsContentAndKeepsTheReply) {
  const LetterId sent = add(), failed = add();
  for (const ClaimedLetter& letter : claim(kNoon)) {
    run([&](db::Transaction& tx) {
      finish_letter(tx, letter, letter.id == sent ? "sent" : "failed", "the reply", at(1));
    });
  }
  const auto state = run([&](db::Transaction& tx) { return find_letter_state(tx, sent); });
  ASSERT_TRUE(state);
  EXPECT_EQ(state->status, "sent");
  EXPECT_EQ(state->reply, "the reply");
  EXPECT_EQ(status(failed), "failed");
  EXPECT_EQ(waiting_contents(), 1) << "the failed one could be tried again";
  EXPECT_THAT(claim_ids(at(1000)), IsEmpty());
  EXPECT_FALSE(run([](db::Transaction& tx) { return find_letter_state(tx, LetterId::make(kNoon)); }));
}

TEST_P(LettersTest, AFailedLetterCanBeTriedAgainUntilItExpires) {
  const auto fail = [&] {
    const LetterId id = add();
    const auto claimed = claim(kNoon);
    run([&](db::Transaction& tx) { finish_letter(tx, claimed.at(0), "failed", "550 no", at(1)); });
    return id;
  };
  const auto retry = [&](LetterId id, base::Time now) {
    return run([&](db::Transaction& tx) { return retry_letter(tx, id, now); });
  };
  const LetterId failed = fail();
  EXPECT_TRUE(retry(failed, at(2)));
  EXPECT_FALSE(retry(failed, at(2))) << "it waits again";
  const auto again = claim(at(2));
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].content, db::Bytes{"sealed"});
  EXPECT_EQ(again[0].tries, 1);
  run([&](db::Transaction& tx) { finish_letter(tx, again[0], "sent", "250 ok", at(3)); });
  EXPECT_FALSE(retry(failed, at(4)));

  const LetterId needless = fail();
  run([&](db::Transaction& tx) { withdraw_letter(tx, needless, at(2)); });
  EXPECT_EQ(status(needless), "failed") << "what became of it stays known";
  EXPECT_FALSE(retry(needless, at(3))) << "nobody sends what has no reason any more";

  const LetterId old = fail();
  const auto expires_at = run([&](db::Transaction& tx) { return find_letter(tx, old); })->expires_at;
  EXPECT_FALSE(retry(old, expires_at));
  run([&](db::Transaction& tx) { wipe_expired_letters(tx, expires_at - 1us, 100); });
  EXPECT_EQ(waiting_contents(), 1);
  run([&](db::Transaction& tx) { wipe_expired_letters(tx, expires_at, 100); });
  EXPECT_EQ(waiting_contents(), 0);
  EXPECT_FALSE(retry(LetterId::make(kNoon), at(2)));
}

TEST_P(LettersTest, APostponedLetterComesBackWhenItIsTime) {
  const LetterId id = add();
  const auto claimed = claim(kNoon);
  run([&](db::Transaction& tx) { postpone_letter(tx, claimed.at(0), "451 later", at(2), at(300)); });
  EXPECT_EQ(run([&](db::Transaction& tx) { return find_letter_state(tx, id); })->reply, "451 later");
  EXPECT_THAT(claim_ids(at(299)), IsEmpty());
  const auto again = claim(at(300));
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].tries, 2);
}

TEST_P(LettersTest, OfAnInvitationAreListedWithTheirTriesForItsOrganizationOnly) {
  const auto organization = OrganizationId::make(kNoon);
  const auto invitation = InvitationId::make(kNoon);
  const auto list = [&](OrganizationId of) {
    return run([&](db::Transaction& tx) { return list_invitation_letters(tx, of, invitation); });
  };
  const auto add_for_it = [&](base::Time created_at) {
    const auto id = LetterId::make(created_at);
    run([&](db::Transaction& tx) {
      insert_letter(tx, {id, organization, "invitation", email("ann@x.example"), db::Bytes{"sealed"}, 1, created_at,
                         created_at + 48h, invitation});
    });
    return id;
  };
  const LetterId first = add_for_it(kNoon);
  add();
  EXPECT_THAT(list(OrganizationId::make(kNoon)), IsEmpty());
  ASSERT_EQ(list(organization).size(), 1U);
  EXPECT_EQ(list(organization)[0].id, first);
  EXPECT_EQ(list(organization)[0].status, "queued");
  EXPECT_EQ(list(organization)[0].created_at, kNoon);
  EXPECT_EQ(list(organization)[0].tried_at, std::nullopt);
  for (const ClaimedLetter& letter : claim(at(1))) {
    run([&](db::Transaction& tx) { postpone_letter(tx, letter, "451 later", at(2), at(300)); });
  }
  EXPECT_EQ(list(organization)[0].tried_at, at(2));
  EXPECT_EQ(list(organization)[0].reply, "451 later");
  EXPECT_EQ(list(organization)[0].finished_at, std::nullopt);
  run([&](db::Transaction& tx) { withdraw_letter(tx, first, at(3)); });
  const LetterId second = add_for_it(at(4));
  for (const ClaimedLetter& letter : claim(at(400))) {
    run([&](db::Transaction& tx) { finish_letter(tx, letter, "sent", "250 ok", at(401)); });
  }
  const auto both = list(organization);
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both[0].status, "withdrawn");
  EXPECT_EQ(both[0].finished_at, at(3));
  EXPECT_EQ(both[1].id, second);
  EXPECT_EQ(both[1].tried_at, at(401));
  EXPECT_EQ(both[1].finished_at, at(401));
}

TEST_P(LettersTest, AClaimerThatLostItsLeaseDecidesNothing) {
  const LetterId id = add();
  const auto lost = claim(kNoon), held = claim(at(60));
  run([&](db::Transaction& tx) {
    finish_letter(tx, lost.at(0), "failed", "too late", at(61));
    postpone_letter(tx, lost.at(0), "too late", at(61), at(900));
  });
  EXPECT_EQ(status(id), "queued");
  EXPECT_EQ(run([&](db::Transaction& tx) { return find_letter_state(tx, id); })->reply, std::nullopt);
  run([&](db::Transaction& tx) { finish_letter(tx, held.at(0), "sent", "250 ok", at(62)); });
  EXPECT_EQ(status(id), "sent");
  run([&](db::Transaction& tx) { postpone_letter(tx, held.at(0), "again", at(62), at(900)); });
  EXPECT_EQ(status(id), "sent");
}

TEST_P(LettersTest, AWithdrawnLetterIsNeverSentAndASentOneNeverWithdrawn) {
  const LetterId withdrawn = add(), sent = add(at(1));
  run([&](db::Transaction& tx) { withdraw_letter(tx, withdrawn, at(1)); });
  const auto claimed = claim(at(1));
  ASSERT_EQ(claimed.size(), 1U);
  EXPECT_EQ(claimed[0].id, sent);
  run([&](db::Transaction& tx) {
    finish_letter(tx, claimed[0], "sent", "250 ok", at(2));
    withdraw_letter(tx, sent, at(3));
  });
  EXPECT_EQ(status(withdrawn), "withdrawn");
  EXPECT_EQ(status(sent), "sent");
  EXPECT_EQ(waiting_contents(), 0);
}

TEST_P(LettersTest, AVerdictThatComesAfterTheWithdrawalChangesNothing) {
  const LetterId id = add();
  const auto claimed = claim(kNoon);
  run([&](db::Transaction& tx) {
    withdraw_letter(tx, id, at(1));
    postpone_letter(tx, claimed.at(0), "451 later", at(2), at(300));
    finish_letter(tx, claimed.at(0), "sent", "250 ok", at(2));
  });
  const auto state = run([&](db::Transaction& tx) { return find_letter_state(tx, id); });
  EXPECT_EQ(state->status, "withdrawn");
  EXPECT_EQ(state->reply, std::nullopt);
}

TEST_P(LettersTest, FinishedOnesAreForgottenWaitingOnesNever) {
  const LetterId finished = add(), waiting = add(at(500));
  run([&](db::Transaction& tx) { withdraw_letter(tx, finished, at(10)); });
  const auto forget = [&](base::Time before) {
    run([&](db::Transaction& tx) { delete_finished_letters(tx, before, 100); });
    return run([&](db::Transaction& tx) { return find_letter_state(tx, finished); }).has_value();
  };
  EXPECT_TRUE(forget(at(10)));
  EXPECT_FALSE(forget(at(11)));
  forget(kNoon + 1000h);
  EXPECT_EQ(status(waiting), "queued");
}

TEST_P(LettersTest, FinishedOnesAreForgottenAndFailedOnesWipedInSteps) {
  for (int i = 0; i < 3; ++i) add();
  for (const ClaimedLetter& letter : claim(kNoon)) {
    run([&](db::Transaction& tx) { finish_letter(tx, letter, "failed", "550 no", at(1)); });
  }
  const auto wipe = [&] { return run([](db::Transaction& tx) { return wipe_expired_letters(tx, kNoon + 48h, 2); }); };
  EXPECT_TRUE(wipe());
  EXPECT_EQ(waiting_contents(), 1);
  EXPECT_FALSE(wipe());
  EXPECT_EQ(waiting_contents(), 0);

  const auto forget = [&] { return run([](db::Transaction& tx) { return delete_finished_letters(tx, at(2), 2); }); };
  const auto failed = [&] { return run([](db::Transaction& tx) { return outbox_depth(tx).failed; }); };
  EXPECT_TRUE(forget());
  EXPECT_EQ(failed(), 1);
  EXPECT_FALSE(forget());
  EXPECT_EQ(failed(), 0);
}

TEST_P(LettersTest, ThoseOfAnOrganizationsInvitationsAreWithdrawnTogether) {
  const auto organization = OrganizationId::make(kNoon);
  const auto write = [&](OrganizationId of, std::optional<InvitationId> invitation) {
    const auto id = LetterId::make(kNoon);
    run([&](db::Transaction& tx) {
      insert_letter(
          tx, {id, of, "invitation", email("ann@x.example"), db::Bytes{"sealed"}, 1, kNoon, kNoon + 48h, invitation});
    });
    return id;
  };
  const auto first = InvitationId::make(kNoon), second = InvitationId::make(kNoon);
  const LetterId sent = write(organization, first);
  const auto claimed = claim(kNoon);
  run([&](db::Transaction& tx) { finish_letter(tx, claimed.at(0), "sent", "250 ok", at(1)); });
  const LetterId one = write(organization, first), two = write(organization, second);
  const LetterId notice = write(organization, std::nullopt), others = write(OrganizationId::make(kNoon), second);
  const auto withdraw = [&] {
    return run([&](db::Transaction& tx) { return withdraw_invitation_letters(tx, organization, at(2)); });
  };
  EXPECT_THAT(withdraw(), UnorderedElementsAre(first, second));
  EXPECT_EQ(status(sent), "sent");
  EXPECT_EQ(status(one), "withdrawn");
  EXPECT_EQ(status(two), "withdrawn");
  EXPECT_EQ(status(notice), "queued");
  EXPECT_EQ(status(others), "queued");
  EXPECT_EQ(waiting_contents(), 2);
  EXPECT_THAT(withdraw(), IsEmpty());
}

TEST_P(LettersTest, TheDepthCountsWhatWaitsAndWhatFailed) {
  const auto depth = [&] { return run([](db::Transaction& tx) { return outbox_depth(tx); }); };
  EXPECT_EQ(depth().queued, 0);
  EXPECT_EQ(depth().failed, 0);
  add();
  add();
  add(at(1000));
  const auto claimed = claim(kNoon);
  run([&](db::Transaction& tx) {
    finish_letter(tx, claimed.at(0), "failed", "550", at(1));
    finish_letter(tx, claimed.at(1), "sent", "250", at(1));
  });
  EXPECT_EQ(depth().queued, 1);
  EXPECT_EQ(depth().failed, 1);
}

TEST_P(LettersTest, WaitingContentsAreResealedInTheOrderOfTheirIds) {
  const LetterId one = add(at(1)), two = add(at(2)), three = add(at(3)), gone = add(at(4));
  run([&](db::Transaction& tx) { withdraw_letter(tx, gone, at(5)); });
  std::vector<LetterId> listed;
  LetterId last;
  for (int pages = 0; pages < 20; ++pages) {
    const auto rows = run([&](db::Transaction& tx) { return list_waiting_contents(tx, last, 2); });
    for (const db::Row& row : rows) {
      listed.push_back(row.get<LetterId>(0));
      EXPECT_EQ(row.get<std::string>(1), "sealed");
    }
    if (rows.empty()) break;
    last = listed.back();
  }
  EXPECT_THAT(listed, ElementsAre(one, two, three));
  run([&](db::Transaction& tx) {
    set_letter_content(tx, two, db::Bytes{"anew"});
    set_letter_content(tx, gone, db::Bytes{"anew"});
  });
  std::vector<std::string> contents;
  for (const ClaimedLetter& letter : claim(at(10))) contents.push_back(letter.content.data);
  EXPECT_THAT(contents, UnorderedElementsAre("sealed", "anew", "sealed"));
  constexpr db::Statement kContent{"test content", "SELECT content FROM letters WHERE id = $1"};
  EXPECT_EQ(
      run([&](db::Transaction& tx) { return tx.query_one(kContent, {gone})->get<std::optional<std::string>>(0); }),
      std::nullopt)
      << "what was wiped stays wiped";
}

}  // namespace
}  // namespace gatehouse::store
