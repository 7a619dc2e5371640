#pragma once

#include "store/api_keys.h"
#include "store/fixture_test.h"

namespace gatehouse::store {

/// Rows of every kind in one organization and one directory of its own, for the proof that two of them never meet.
struct Estate {
  std::string label;  // in names that people read; folded it is the key of `label_role` and begins every address
  DirectoryId directory;
  OrganizationId organization;
  RoleId owner_role, member_role, label_role;
  UserId founder;
  UserId newcomer;  // member of nothing, address not confirmed
  /// Members, each with a session. The deputy has sent an invitation and has `label_role`, the leaver's account is
  /// disabled, the absent one's membership is suspended.
  UserId deputy, leaver, absent;
  MemberId member;
  InvitationId invitation;
  SessionId session, leaver_session, absent_session;
  TokenId token, unowned_token;
  LetterId letter;
  ApiKeyId api_key;
  /// The deputy has member_role, all are active, and the invitation has more events; it owns the letter
  /// that the deputy's invitation names.
  bool is_twin = false;

  Account account() const { return {directory, founder}; }
  std::array<UserId, 5> people() const { return {founder, newcomer, deputy, leaver, absent}; }
};

/// Ids of rows, one set for several estates if they are to be hard to tell apart.
Estate make_estate(const std::string& label);
/// The estate's rows once more, with the same ids in another organization and directory, whose ids are of `when`.
/// Wherever a statement could take a row of one for the other's, something in it differs.
Estate make_twin(const Estate& estate, const std::string& label, base::Time when);
std::string folded_label(const Estate& estate);
/// Of somebody in the estate, such as "founder".
base::EmailAddress address_of(const Estate& estate, const std::string& who);
/// What its logo is called.
std::string logo_of(const Estate& estate);
/// Writes the rows of an estate.
void build(db::Transaction& tx, const Estate& estate);
/// Every row that belongs to the estate, in a form that can be compared.
std::vector<std::string> dump(db::Transaction& tx, const Estate& estate);

/// What a function has returned, as words: ids in base32, and names.
class Facts {
 public:
  template <class Kind>
  Facts& add(const base::Id<Kind>& id) {
    return add(base::to_base32(id.uuid));
  }
  Facts& add(const std::string& word) {
    words_.push_back(word);
    return *this;
  }
  template <class T>
  Facts& add(const std::optional<T>& maybe) {
    return maybe ? add(*maybe) : *this;
  }
  template <class T>
  Facts& add(const std::vector<T>& many) {
    for (const T& one : many) add(one);
    return *this;
  }
  Facts& add_number(std::int64_t n) { return n == 0 ? *this : add(std::to_string(n)); }
  Facts& add_if(bool is_true) { return is_true ? add(std::string("true")) : *this; }
  Facts& add(const Organization& organization);
  Facts& add(const Role& role);
  Facts& add(const Member& member);
  Facts& add(const Membership& membership);
  Facts& add(const User& user);
  Facts& add(const Invitation& invitation);
  Facts& add(const Session& session);
  Facts& add(const ApiKey& key);

  const std::vector<std::string>& words() const { return words_; }

 private:
  std::vector<std::string> words_;
};

/// A call with the placement keys (organization, directory) of one estate and the row ids of another.
struct TenancyCase {
  /// The function; a word in brackets tells several cases of one apart.
  std::string name;
  std::function<void(db::Transaction&, const Estate& key, const Estate& ids, Facts&)> call;
};

/// Of every function that takes an organization or a directory.
std::vector<TenancyCase> all_cases();
/// The same by subject.
std::vector<TenancyCase> organization_cases();
std::vector<TenancyCase> member_cases();
std::vector<TenancyCase> invitation_cases();
std::vector<TenancyCase> invitation_event_cases();
std::vector<TenancyCase> statistics_cases();
std::vector<TenancyCase> account_cases();
std::vector<TenancyCase> session_cases();

}  // namespace gatehouse::store
