#include "api/routes.h"

#include "domain/audit_export.h"
#include "domain/csv.h"

namespace gatehouse::api {

using http::Method;

namespace {

http::Response to_response(const base::Result<domain::AuditFile>& file, const http::Request& request) {
  if (!file) return http::problem(file.error(), request);
  http::Response response{200, file->content_type, file->content, {}};
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + file->name + "\"");
  if (file->next) response.headers.emplace_back("Link", detail::link_to_next(request, *file->next));
  return response;
}

/// A row whose answer is a file. `act(origin, request, row)` is a Result<AuditFile>.
template <class Act>
Row file_row(Row row, Act act) {
  row.media_types = {domain::kNdjsonType, domain::kCsvType};
  row.route.handle = [row, act](const http::Request& request) {
    const domain::Origin origin = domain::origin_of(request);
    http::Response response = to_response(act(origin, request, row), request);
    detail::append_rate_limits(response, origin);
    return response;
  };
  return row;
}

Row export_row(const domain::Services& services) {
  Row row = detail::make_row({Method::get, "/v1/organizations/{organization}/audit/export", "export_audit",
                              "Export the audit log, up to 10,000 entries at a time"},
                             &wire::shape_of<domain::AuditExportInput>(), nullptr);
  row.access = Access::member;
  row.takes_key = true;
  row.permission = domain::kAuditRead;
  return file_row(std::move(row),
                  [&services](const domain::Origin& origin, const http::Request& request,
                              const Row& self) -> base::Result<domain::AuditFile> {
                    auto who = TRY(credential_of(services, origin, request));
                    const auto input = TRY(detail::read_input<domain::AuditExportInput>(request, self));
                    const auto caller = TRY(domain::Admission::in_organization(services, std::move(who),
                                                                               input.organization, domain::kAuditRead));
                    return domain::export_audit(services, caller, input);
                  });
}

Row platform_export_row(const domain::Services& services) {
  Row row = detail::make_row({Method::get, "/v1/operator/audit/export", "export_platform_audit",
                              "Export the audit log of all organizations, up to 10,000 entries at a time"},
                             &wire::shape_of<domain::PlatformAuditExportInput>(), nullptr);
  row.access = Access::platform;
  row.takes_key = true;
  row.permission = domain::platform::kRead;
  return file_row(std::move(row),
                  [&services](const domain::Origin& origin, const http::Request& request,
                              const Row& self) -> base::Result<domain::AuditFile> {
                    auto who = TRY(credential_of(services, origin, request));
                    const auto caller =
                        TRY(domain::Admission::as_operator(services, std::move(who), domain::platform::kRead));
                    const auto input = TRY(detail::read_input<domain::PlatformAuditExportInput>(request, self));
                    return domain::export_platform_audit(services, caller, input);
                  });
}

}  // namespace

std::vector<Row> audit_routes(const domain::Services& services) {
  return {
      in_organization<domain::list_audit, &domain::AuditListInput::organization>(
          services, {Method::get, "/v1/organizations/{organization}/audit", "list_audit", "Read the audit log"},
          domain::kAuditRead),
      export_row(services),
      for_operators<domain::list_platform_audit>(
          services,
          {Method::get, "/v1/operator/audit", "list_platform_audit", "Read the audit log of all organizations"},
          domain::platform::kRead),
      platform_export_row(services),
  };
}

}  // namespace gatehouse::api
