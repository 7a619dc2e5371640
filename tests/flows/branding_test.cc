#include "tests/flows/branding_fixture.h"

#include "domain/branding.h"
#include "domain/organizations.h"

namespace gatehouse::tests {

using testing::HasSubstr;
using namespace std::chrono_literals;

using Branding = BrandingFlow;

std::string reason_at(const Reply& reply, std::string_view pointer) {
  if (!reply.has("/errors")) return {};
  for (const Json& error : reply.at("/errors").as_array()) {
    if (error.at("pointer") == Json(std::string(pointer))) return text_of(error.at("detail"));
  }
  return {};
}

TEST_P(Branding, IsNothingUntilSomebodySetsItAndNullTakesItBack) {
  const Reply nothing = show(owner_);
  ASSERT_EQ(nothing.status, 200) << nothing;
  for (const char* field : {"name", "button_color", "button_text_color", "dark_button_color", "dark_button_text_color",
                            "privacy_url", "terms_url", "support_url", "logo"}) {
    EXPECT_TRUE(nothing.at(std::string("/") + field).is_null()) << field;
  }
  const Reply whole = set({{"name", "  Acme & Söhne "},
                           {"button_color", "#0B6E4F"},
                           {"button_text_color", "#ffffff"},
                           {"dark_button_color", "#7fd1ae"},
                           {"dark_button_text_color", "#10141d"},
                           {"privacy_url", "https://acme.example/privacy?a=1&b=%20"},
                           {"terms_url", " https://acme.example:8443/terms#top "},
                           {"support_url", "https://xn--mnchen-3ya.example"}});
  EXPECT_EQ(whole.text("/name"), "Acme & Söhne");
  EXPECT_EQ(whole.text("/button_color"), "#0b6e4f");
  EXPECT_EQ(whole.text("/terms_url"), "https://acme.example:8443/terms#top");
  EXPECT_EQ(show(owner_).body, whole.body);
  EXPECT_EQ(set({}).body, whole.body);

  const Reply less = set({{"name", nullptr}, {"button_color", nullptr}, {"privacy_url", nullptr}});
  EXPECT_TRUE(less.at("/name").is_null());
  EXPECT_EQ(less.text("/dark_button_color"), "#7fd1ae");
  EXPECT_EQ(less.text("/support_url"), "https://xn--mnchen-3ya.example");
  EXPECT_EQ(set({{"button_text_color", nullptr},
                 {"dark_button_color", nullptr},
                 {"dark_button_text_color", nullptr},
                 {"terms_url", nullptr},
                 {"support_url", nullptr}})
                .body,
            nothing.body);
}

TEST_P(Branding, NeedsTheRightAndTheVersionThatWasReadAndIsWrittenDown) {
  join(ada_, "mia@acme.example");
  const std::string member = access_token("mia@acme.example");
  EXPECT_EQ(show(member).status, 200);
  expect_problem(patch({{"name", "Mine"}}, member), 403, "forbidden");
  expect_problem(put_logo(png_of(1, 1), "image/png", member), 403, "forbidden");
  expect_problem(client().del(target_ + "/logo", member), 403, "forbidden");
  found("eve@other.example", "Other");
  const std::string stranger = access_token("eve@other.example");
  expect_problem(show(stranger), 404, "not_found");
  expect_problem(patch({{"name", "Mine"}}, stranger), 404, "not_found");
  expect_problem(put_logo(png_of(1, 1), "image/png", stranger), 404, "not_found");
  expect_problem(put_logo(png_of(1, 1), "image/png", ""), 401, "unauthenticated");

  const std::string first = show(owner_).header("etag");
  const Reply named = patch({{"name", "Acme"}}, owner_, first);
  ASSERT_EQ(named.status, 200) << named;
  EXPECT_EQ(named.header("etag"), show(owner_).header("etag"));
  expect_problem(patch({{"name", "Acme 2"}}, owner_, first), 412, "precondition_failed");
  expect_problem(put_logo(png_of(1, 1), "image/png", owner_, first), 412, "precondition_failed");
  const Reply pictured = put_logo(png_of(1, 1), "image/png", owner_, named.header("etag"));
  ASSERT_EQ(pictured.status, 200) << pictured;
  EXPECT_NE(pictured.header("etag"), named.header("etag"));
  set_logo(png_of(1, 1));
  EXPECT_EQ(client().del(target_ + "/logo", owner_).status, 204);
  expect_problem(client().del(target_ + "/logo", owner_), 404, "not_found");

  const Reply log =
      client().get("/v1/organizations/" + ada_.organization_id + "/audit?action=organization.branding_changed", owner_);
  std::vector<std::string> details;
  for (const Json& entry : log.at("/data").as_array()) details.push_back(boost::json::serialize(entry.at("details")));
  // What changes nothing is not written down. The clock stands still, so the entries are in no order.
  ASSERT_THAT(details,
              testing::UnorderedElementsAre(R"({"name":"changed"})", R"({"logo":"changed"})", R"({"logo":"removed"})"));
  EXPECT_EQ(log.text("/data/0/subject"), ada_.organization_id);
}

TEST_P(Branding, ColorsThatCanNotBeToldApartAreRefusedWithTheRatioThatWasFound) {
  const Reply pale = patch({{"button_color", "#ffff00"}, {"button_text_color", "#ffffff"}}, owner_);
  expect_field_problem(pale, "/button_text_color");
  EXPECT_EQ(reason_at(pale, "/button_text_color"),
            "This has a contrast of 1.07 to the button; 4.5 is needed (WCAG 1.4.3).");
  EXPECT_EQ(reason_at(pale, "/button_color"), "This has a contrast of 1.07 to the page; 3 is needed (WCAG 1.4.11).");
  // What is not set is as the service has it, and is measured too.
  expect_field_problem(patch({{"button_color", "#8a8a8a"}}, owner_), "/button_text_color");
  expect_field_problem(patch({{"dark_button_color", "#0b6e4f"}}, owner_), "/dark_button_color");
  expect_field_problem(patch({{"dark_button_text_color", "#ffffff"}}, owner_), "/dark_button_text_color");
  EXPECT_EQ(set({{"button_color", "#767676"}}).text("/button_color"), "#767676") << "4.54 to white";
  expect_field_problem(patch({{"button_color", "#777777"}}, owner_), "/button_text_color");
  set({{"button_text_color", "#fffffe"}});
  expect_field_problem(patch({{"button_color", "#ffffff"}}, owner_), "/button_color");
  // 3.06 to the card of a page, and less to the lighter one of a letter.
  const Reply grey = patch({{"dark_button_color", "#6b6b6b"}, {"dark_button_text_color", "#ffffff"}}, owner_);
  EXPECT_EQ(reason_at(grey, "/dark_button_color"),
            "This has a contrast of 2.95 to the page; 3 is needed (WCAG 1.4.11).");
  EXPECT_EQ(reason_at(grey, "/dark_button_text_color"), "");
  EXPECT_EQ(show(owner_).text("/button_color"), "#767676");
}

TEST_P(Branding, WhatIsNoColorOrNoLinkIsRefusedAllAtOnce) {
  const Reply wrong = patch({{"name", "\xE2\x80\xAE"},
                             {"button_color", "#12345g"},
                             {"privacy_url", "http://acme.example"},
                             {"support_url", "javascript:alert(1)//https://"}},
                            owner_);
  for (const char* field : {"/name", "/button_color", "/privacy_url", "/support_url"}) {
    expect_field_problem(wrong, field);
  }
  for (const std::string color : {"red", "#fff", "", "rgb(0,0,0)", "#0b6e4f;"}) {
    expect_field_problem(patch({{"button_color", color}}, owner_), "/button_color");
  }
  for (const std::string link :
       {"https://", "https:///x", "//acme.example", "HTTPS:acme.example", "https://acme.example/a b",
        "https://acme.example/\"onmouseover=", "https://acme.example/<script>", "https://ada@acme.example",
        "https://acme.example\\@evil.test", "https://\xC3\xA4.example", "https://acme.example/\xC3\xA4",
        "data:text/html,https://", "https://?x", "https://.example", "https://a_b.example\r\nx"}) {
    expect_field_problem(patch({{"terms_url", link}}, owner_), "/terms_url");
  }
  expect_field_problem(patch({{"terms_url", "https://a.example/" + std::string(500, 'a')}}, owner_), "/terms_url");
  expect_field_problem(patch({{"logo", Object{}}}, owner_), "/logo");
  EXPECT_TRUE(show(owner_).at("/name").is_null());
}

TEST_P(Branding, ALogoIsServedToWhoeverKnowsItsAddressAndAsNothingElse) {
  for (const auto& [type, content] : std::map<std::string, std::string>{{"image/png", png_of(320, 80)},
                                                                        {"image/jpeg", jpeg_of(320, 80)},
                                                                        {"image/webp", webp_of(320, 80)},
                                                                        {"image/gif", gif_of(320, 80)}}) {
    const Reply reply = set_logo(content, type);
    EXPECT_EQ(reply.text("/logo/media_type"), type);
    EXPECT_EQ(reply.number("/logo/width"), 320);
    EXPECT_EQ(reply.number("/logo/height"), 80);
    const std::string url = reply.text("/logo/url");
    EXPECT_THAT(url, testing::MatchesRegex("/brand/logos/org_[0-9a-z]{26}/[-_0-9A-Za-z]{22}\\.(png|jpeg|webp|gif)"));
    const Reply picture = client().get(url);
    EXPECT_EQ(picture.status, 200) << picture;
    EXPECT_EQ(picture.body, content);
    EXPECT_EQ(picture.header("content-type"), type);
    EXPECT_EQ(picture.header("x-content-type-options"), "nosniff");
    EXPECT_EQ(picture.header("content-security-policy"), "default-src 'none'; sandbox");
    EXPECT_EQ(picture.header("cross-origin-resource-policy"), "same-origin");
    EXPECT_EQ(picture.header("cache-control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(picture.header("set-cookie"), "");
  }
  const std::string last = show(owner_).text("/logo/url");
  const std::string next = set_logo(png_of(100, 100), "image/PNG; q=1").text("/logo/url");
  EXPECT_NE(next, last);
  EXPECT_EQ(client().get(last).status, 404) << "the one that was replaced is gone";
  EXPECT_EQ(client().del(target_ + "/logo", owner_).status, 204);
  EXPECT_EQ(client().get(next).status, 404);
}

// The address of a picture that anybody can get does not tell who else has it.
TEST_P(Branding, TheSamePictureHasAnotherAddressInAnotherOrganization) {
  const std::string url = set_logo(png_of(7, 7)).text("/logo/url");
  const Founder eve = found("eve@other.example", "Other");
  const std::string other = client()
                                .send({.method = "PUT",
                                       .target = "/v1/organizations/" + eve.organization_id + "/branding/logo",
                                       .token = access_token(eve.email),
                                       .body = png_of(7, 7),
                                       .content_type = "image/png"})
                                .text("/logo/url");
  const auto file_of = [](const std::string& address) { return address.substr(address.rfind('/')); };
  EXPECT_NE(file_of(url), file_of(other));
  EXPECT_EQ(client().get("/brand/logos/" + eve.organization_id + file_of(url)).status, 404);
  EXPECT_EQ(client().get("/brand/logos/" + eve.organization_id + file_of(other)).status, 200);
}

TEST_P(Branding, WhatIsNoSuchPictureIsNoLogo) {
  const std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>" + std::string(40, ' ');
  for (const std::string type :
       {"image/svg+xml", "text/html", "application/json", "application/octet-stream", "", "png"}) {
    const Reply reply = put_logo(svg, type, owner_);
    expect_problem(reply, 415, "unsupported_media_type");
    EXPECT_THAT(reply.text("/detail"), HasSubstr("image/webp"));
  }
  for (const std::string& content : {svg, std::string(), std::string("GIF89a"), png_of(1, 1).substr(0, 20)}) {
    expect_problem(put_logo(content, "image/png", owner_), 400, "invalid_request");
  }
  const Reply other = put_logo(gif_of(1, 1), "image/png", owner_);
  expect_problem(other, 400, "invalid_request");
  EXPECT_THAT(other.text("/detail"), HasSubstr("image/gif"));
  for (const auto& [width, height] : {std::pair{2049, 1}, {1, 2049}, {0, 1}, {1, 0}}) {
    const Reply reply = put_logo(png_of(std::uint32_t(width), std::uint32_t(height)), "image/png", owner_);
    expect_problem(reply, 400, "invalid_request");
    EXPECT_THAT(reply.text("/detail"), HasSubstr(std::to_string(width) + " by " + std::to_string(height)));
  }
  EXPECT_EQ(put_logo(png_of(2048, 2048), "image/png", owner_).status, 200);
  const std::string most = png_of(1, 1) + std::string(domain::kLogoBytes - png_of(1, 1).size(), ' ');
  EXPECT_EQ(put_logo(most, "image/png", owner_).status, 200);
  expect_problem(put_logo(most + " ", "image/png", owner_), 413, "payload_too_large");
  expect_problem(client().send({.method = "PUT",
                                .target = target_ + "/logo?x=1",
                                .token = owner_,
                                .body = png_of(1, 1),
                                .content_type = "image/png"}),
                 400, "invalid_request");
}

// A page of another site can send a picture, but not in the name of whoever is signed in here.
TEST_P(Branding, ABrowsersCookieSetsALogoFromOurOwnPagesOnly) {
  const std::string cookie = [&] {
    const Reply signed_in = client().send({.method = "POST",
                                           .target = "/sign-in",
                                           .headers = {{"Accept", "text/html"}, {"Sec-Fetch-Site", "same-origin"}},
                                           .body = to_query({{"email", ada_.email}, {"password", kPassword}}),
                                           .content_type = "application/x-www-form-urlencoded"});
    const std::string field = signed_in.header("set-cookie");
    return field.substr(0, field.find(';'));
  }();
  const auto put = [&](const std::string& site) {
    return client().send({.method = "PUT",
                          .target = target_ + "/logo",
                          .headers = {{"Cookie", cookie}, {"Sec-Fetch-Site", site}},
                          .body = png_of(1, 1),
                          .content_type = "image/png"});
  };
  expect_problem(put("cross-site"), 403, "cross_site_request");
  EXPECT_EQ(put("same-origin").status, 200);
}

TEST_P(Branding, GoesWithTheOrganization) {
  const std::string url = set_logo(png_of(1, 1)).text("/logo/url");
  ASSERT_EQ(client().del("/v1/organizations/" + ada_.organization_id, owner_).status, 204);
  program().advance(domain::kRestoreLife + 1h);
  EXPECT_EQ(domain::purge_organizations(program().services()), 1U);
  EXPECT_EQ(client().get(url).status, 404);
}

GATEHOUSE_ON_BOTH_DATABASES(Branding);

}  // namespace gatehouse::tests
