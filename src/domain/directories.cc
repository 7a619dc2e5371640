#include "domain/directories.h"

#include "base/text.h"
#include "domain/links.h"
#include "store/directories.h"
#include "store/members.h"

namespace gatehouse::domain {

namespace {

bool is_apart(store::DirectoryId directory) {
  return directory != store::kSharedDirectory && directory != store::kPlatformDirectory;
}

Entrance to_entrance(std::optional<store::Organization> organization, const std::string& typed) {
  Entrance entrance;
  entrance.counted_by = typed;
  if (!organization) return entrance;
  entrance.directory = organization->directory;
  entrance.counted_by = is_apart(entrance.directory) ? entrance.directory.to_string() : organization->id.to_string();
  entrance.organization = std::move(organization);
  return entrance;
}

}  // namespace

Entrance find_entrance(db::Transaction& tx, const std::optional<std::string>& named) {
  if (!named) return {};
  const std::string typed = base::to_lower_ascii(base::trim(*named));
  const auto id = store::OrganizationId::parse(typed);
  return to_entrance(id ? store::find_organization(tx, *id) : store::find_organization_by_slug(tx, typed), typed);
}

Entrance find_entrance(db::Transaction& tx, store::OrganizationId id) {
  return to_entrance(store::find_organization(tx, id), id.to_string());
}

std::optional<store::User> find_user_at(db::Transaction& tx, const Entrance& entrance,
                                        const base::EmailAddress& email) {
  if (!entrance.leads_somewhere()) return std::nullopt;
  auto user = store::find_user_by_email(tx, entrance.directory, email);
  if (!user || !entrance.organization || entrance.is_isolated()) return user;
  if (!store::find_membership(tx, entrance.organization->id, user->account())) return std::nullopt;
  return user;
}

std::string counted_as(store::DirectoryId directory, const base::EmailAddress& email) {
  return is_apart(directory) ? email.text + " " + directory.to_string() : email.text;
}

std::optional<store::Organization> owner_of(db::Transaction& tx, store::DirectoryId directory) {
  if (!is_apart(directory)) return std::nullopt;
  return store::find_owner_of_directory(tx, directory);
}

std::string reset_page_of(db::Transaction& tx, const Services& services, store::DirectoryId directory) {
  const std::string page = reset_page(services);
  const auto owner = owner_of(tx, directory);
  return owner ? page + "?organization=" + owner->id.to_string() : page;
}

}  // namespace gatehouse::domain
