#pragma once

#include "tests/support/flow_test.h"
#include "tests/support/images.h"

#include <gmock/gmock.h>

namespace gatehouse::tests {

/// Stories of an organization that shows itself.
class BrandingFlow : public FlowTest {
 protected:
  void SetUp() override {
    FlowTest::SetUp();
    ada_ = found("ada@acme.example", "Acme");
    owner_ = access_token(ada_.email);
    target_ = "/v1/organizations/" + ada_.organization_id + "/branding";
  }

  Reply show(const std::string& token) { return client().get(target_, token); }
  Reply patch(const Object& body, const std::string& token, const std::string& etag = {}) {
    Call call{.method = "PATCH",
              .target = target_,
              .token = token,
              .body = boost::json::serialize(body),
              .content_type = "application/merge-patch+json"};
    if (!etag.empty()) call.headers.emplace_back("If-Match", etag);
    return client().send(call);
  }
  Reply put_logo(const std::string& content, const std::string& type, const std::string& token,
                 const std::string& etag = {}) {
    Call call{.method = "PUT", .target = target_ + "/logo", .token = token, .body = content, .content_type = type};
    if (!etag.empty()) call.headers.emplace_back("If-Match", etag);
    return client().send(call);
  }
  /// As the owner; expected to succeed.
  Reply set(const Object& body) {
    const Reply reply = patch(body, owner_);
    EXPECT_EQ(reply.status, 200) << reply;
    return reply;
  }
  Reply set_logo(const std::string& content, const std::string& type = "image/png") {
    const Reply reply = put_logo(content, type, owner_);
    EXPECT_EQ(reply.status, 200) << reply;
    return reply;
  }

  Founder ada_;
  std::string owner_, target_;
};

}  // namespace gatehouse::tests
