#include "store/branding.h"

#include "store/fixture_test.h"

namespace gatehouse::store {
namespace {

GATEHOUSE_STORE_SUITE(BrandingTest);

const LogoInfo kLogo{"one.png", "image/png", 320, 80};

TEST_P(BrandingTest, IsAbsentUntilItIsSetAndThenWholly) {
  const Tenant a = add_tenant("a"), b = add_tenant("b");
  const auto branding_of = [&](const Tenant& tenant) {
    return run([&](db::Transaction& tx) { return find_branding(tx, tenant.organization); });
  };
  const auto before = branding_of(a);
  ASSERT_TRUE(before);
  EXPECT_EQ(before->id, a.organization);
  EXPECT_FALSE(before->branding.name);
  EXPECT_FALSE(before->branding.support_url);
  EXPECT_FALSE(before->branding.logo);

  run([&](db::Transaction& tx) {
    set_branding(tx, a.organization,
                 {"Acme", "#000001", "#000002", "#000003", "#000004", "https://a.example/p", "https://a.example/t",
                  "https://a.example/s"});
    set_logo(tx, a.organization, kLogo, db::Bytes{std::string("a\0b", 3)});
  });
  const auto after = branding_of(a);
  EXPECT_EQ(after->branding.name, "Acme");
  EXPECT_EQ(after->branding.button_color, "#000001");
  EXPECT_EQ(after->branding.button_text_color, "#000002");
  EXPECT_EQ(after->branding.dark_button_color, "#000003");
  EXPECT_EQ(after->branding.dark_button_text_color, "#000004");
  EXPECT_EQ(after->branding.privacy_url, "https://a.example/p");
  EXPECT_EQ(after->branding.terms_url, "https://a.example/t");
  EXPECT_EQ(after->branding.support_url, "https://a.example/s");
  ASSERT_TRUE(after->branding.logo);
  EXPECT_EQ(after->branding.logo->name, "one.png");
  EXPECT_EQ(after->branding.logo->width, 320);
  EXPECT_EQ(after->branding.logo->height, 80);
  EXPECT_FALSE(branding_of(b)->branding.name);
  EXPECT_FALSE(branding_of(b)->branding.logo);

  run([&](db::Transaction& tx) { set_branding(tx, a.organization, {}); });
  EXPECT_FALSE(branding_of(a)->branding.terms_url);
  EXPECT_TRUE(branding_of(a)->branding.logo) << "the logo is not part of what is set";
  EXPECT_FALSE(run([](db::Transaction& tx) { return find_branding(tx, OrganizationId::make(kNoon)); }));
}

TEST_P(BrandingTest, OneLogoAtATimeIsFoundByItsName) {
  const Tenant a = add_tenant("a");
  const auto content_of = [&](const std::string& name) {
    const auto logo = run([&](db::Transaction& tx) { return find_logo(tx, a.organization, name); });
    return logo ? logo->media_type + " " + logo->content.data : "";
  };
  run([&](db::Transaction& tx) { set_logo(tx, a.organization, kLogo, db::Bytes{"first"}); });
  EXPECT_EQ(content_of("one.png"), "image/png first");
  EXPECT_EQ(content_of("two.gif"), "");
  run([&](db::Transaction& tx) { set_logo(tx, a.organization, {"two.gif", "image/gif", 1, 1}, db::Bytes{"second"}); });
  EXPECT_EQ(content_of("one.png"), "");
  EXPECT_EQ(content_of("two.gif"), "image/gif second");
  run([&](db::Transaction& tx) { delete_logo(tx, a.organization); });
  EXPECT_EQ(content_of("two.gif"), "");
}

TEST_P(BrandingTest, IsFoundByTheSlugOfAnActiveOrganization) {
  const Tenant a = add_tenant("a"), other = add_tenant("other");
  run([&](db::Transaction& tx) { set_logo(tx, other.organization, kLogo, db::Bytes{"content"}); });
  const auto found = [&](const std::string& slug) {
    return run([&](db::Transaction& tx) { return find_branding_by_slug(tx, slug); });
  };
  ASSERT_TRUE(found("a"));
  EXPECT_EQ(found("a")->id, a.organization);
  EXPECT_FALSE(found("a")->branding.logo) << "the other one's";
  EXPECT_EQ(found("other")->branding.logo->name, kLogo.name);
  EXPECT_FALSE(found("b"));
  run([&](db::Transaction& tx) { mark_organization_deleted(tx, a.organization, at(60)); });
  EXPECT_FALSE(found("a"));
}

TEST_P(BrandingTest, LeavesWithTheOrganization) {
  const Tenant a = add_tenant("a"), b = add_tenant("b");
  run([&](db::Transaction& tx) {
    set_logo(tx, a.organization, kLogo, db::Bytes{"content"});
    set_logo(tx, b.organization, kLogo, db::Bytes{"content"});
    delete_organization(tx, a.organization, kNoon);
  });
  EXPECT_FALSE(run([&](db::Transaction& tx) { return find_logo(tx, a.organization, kLogo.name); }));
  EXPECT_TRUE(run([&](db::Transaction& tx) { return find_logo(tx, b.organization, kLogo.name); }));
}

}  // namespace
}  // namespace gatehouse::store
