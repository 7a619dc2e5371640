#include "domain/organization_policies.h"

#include "base/text.h"
#include "domain/admit.h"
#include "domain/audit.h"
#include "domain/invitations.h"
#include "domain/preconditions.h"
#include "store/api_keys.h"
#include "store/sessions.h"

namespace gatehouse::domain {

using base::refuse;

namespace {

using Changes = std::map<std::string, std::string>;

PoliciesView view(const Settings& settings, const store::Policies& own) {
  const PolicyRules rules = rules_of(settings, own);
  const Permissions domains = from_words(own.allowed_domains);
  PoliciesView shown{own.password_minimum,
                     own.session_idle_seconds,
                     own.session_absolute_seconds,
                     own.sign_in_alert,
                     {},
                     own.who_may_invite,
                     {}};
  shown.allowed_domains.assign(domains.begin(), domains.end());
  shown.effective = {
      rules.password_minimum,         rules.session_idle.count(),
      rules.session_absolute.count(), std::string(kSignInAlertWords.at(std::size_t(rules.sign_in_alert))),
      shown.allowed_domains,          std::string(kWhoMayInviteWords.at(std::size_t(rules.who_may_invite)))};
  return shown;
}

/// Names of hosts, as they stand behind the @ of an address: read as such.
base::Result<std::string> clean_domains(const std::vector<std::string>& domains) {
  if (domains.size() > kMostDomains) {
    return base::refuse_field("/allowed_domains", "At most " + std::to_string(kMostDomains) + " domains.");
  }
  Permissions clean;
  for (std::size_t i = 0; i < domains.size(); ++i) {
    const auto address = base::parse_email("x@" + std::string(base::trim(domains[i])));
    if (!address) return base::refuse_field("/allowed_domains/" + std::to_string(i), "This is no domain of mail.");
    clean.insert(address->text.substr(2));
  }
  return to_words(clean);
}

std::string to_text(std::int64_t number) { return std::to_string(number); }
std::string to_text(const std::string& word) { return word; }

template <class T>
void apply(const wire::Clearable<T>& wanted, std::optional<T>& value, std::string_view name, Changes& changes) {
  if (!wanted || *wanted == value) return;
  value = *wanted;
  changes[std::string(name)] = value ? to_text(*value) : "null";
}

/// The policies as they are to be, and what is another for it: numbers and fixed words, of domains their number.
base::Result<Changes> apply(const UpdatePoliciesInput& input, store::Policies& policies) {
  Changes changes;
  apply(input.password_minimum, policies.password_minimum, "password_minimum", changes);
  apply(input.session_idle_seconds, policies.session_idle_seconds, "session_idle_seconds", changes);
  apply(input.session_absolute_seconds, policies.session_absolute_seconds, "session_absolute_seconds", changes);
  apply(input.sign_in_alert, policies.sign_in_alert, "sign_in_alert", changes);
  apply(input.who_may_invite, policies.who_may_invite, "who_may_invite", changes);
  if (input.allowed_domains) {
    const std::string domains = TRY(clean_domains(input.allowed_domains->value_or(std::vector<std::string>())));
    if (domains != policies.allowed_domains) {
      policies.allowed_domains = domains;
      changes["allowed_domains"] = std::to_string(from_words(domains).size());
    }
  }
  return changes;
}

/// Whether the caller may invite as things are: whoever may not can't change who may.
bool may_invite(const InOrganization& caller, const Fenced& fenced) {
  const auto rights = caller.key() == nullptr ? effective_permissions : effective_permissions_of_key;
  return rights(fenced.permissions, fenced.rules.who_may_invite).contains(kMembersInvite);
}

/// Fewer may invite from now on: what the others have sent is revoked, and what their tokens say is not true any more.
void narrow_inviters(db::Transaction& tx, const InOrganization& caller, const Fenced& fenced, WhoMayInvite now_only,
                     base::Time now) {
  const store::OrganizationId organization = caller.organization();
  store::bump_rights_of_all_but(tx, organization, std::string(kOwnerRole));
  for (const store::UserId inviter : store::list_pending_inviters(tx, organization)) {
    const auto member = store::find_member_by_user(tx, organization, inviter);
    const bool is_active = member && member->is_active();
    revoke_unsendable_invitations(tx, organization, inviter, is_active ? fenced.of(*member) : Permissions(),
                                  fenced.catalogue, now, is_active ? now_only : WhoMayInvite::admins);
  }
  for (const store::ApiKeyId id : store::list_pending_inviting_keys(tx, organization)) {
    const auto key = store::find_api_key(tx, organization, id);
    const Permissions held = key ? from_words(key->permissions) : Permissions();
    if (effective_permissions_of_key(held, now_only).contains(kMembersInvite)) continue;
    revoke_invitations_of_key(tx, organization, id, now);
  }
}

}  // namespace

base::Result<PoliciesView> show_policies(const Services& services, const InOrganization& caller,
                                         const OrganizationInput&) {
  return services.database.read([&](db::Transaction& tx) -> base::Result<PoliciesView> {
    const auto organization = store::find_organization(tx, caller.organization());
    if (!organization) return refuse(base::kNotFound);
    return view(services.settings, organization->policies);
  });
}

base::Result<PoliciesView> update_policies(const Services& services, const InOrganization& caller,
                                           const UpdatePoliciesInput& input) {
  const base::Time now = services.clock.now();
  const auto audit = store::AuditId::make(now);
  return services.database.write([&](db::Transaction& tx) -> base::Result<PoliciesView> {
    const Fenced fenced = TRY(enter_fence(tx, caller, now));
    store::Policies policies = fenced.organization.policies;
    TRY(require_match(caller.origin(), view(services.settings, policies)));
    Changes changes = TRY(apply(input, policies));
    if (changes.empty()) return view(services.settings, policies);
    const PolicyRules& before = fenced.rules;
    const PolicyRules after = rules_of(services.settings, policies);
    if (changes.contains("who_may_invite") && !may_invite(caller, fenced)) return refuse(base::kOutranked);

    store::set_policies(tx, caller.organization(), policies);
    if (after.session_idle < before.session_idle || after.session_absolute < before.session_absolute) {
      store::tighten_sessions_in_organization(tx, caller.organization(), now - after.session_absolute,
                                              now - after.session_idle, now + after.session_idle, now);
    }
    if (after.who_may_invite < before.who_may_invite) narrow_inviters(tx, caller, fenced, after.who_may_invite, now);
    record(tx, now, caller.origin(),
           {audit, caller.organization(), action::kPoliciesChanged, caller.actor(), caller.organization().to_string(),
            std::move(changes)});
    return view(services.settings, policies);
  });
}

}  // namespace gatehouse::domain
