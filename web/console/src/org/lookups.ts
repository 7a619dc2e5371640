// What several screens of an organization read.

import { api, type Role } from "../api.ts";
import { useOrganization, useSession } from "../session.ts";
import { useRead } from "../use-api.ts";

export function useRoles() {
  const organization = useOrganization();
  return useRead(`roles ${organization}`, (signal) => api("get", "/v1/organizations/{organization}/roles", { path: { organization }, query: { limit: 200 }, signal }));
}

export function useOrganizationDetails() {
  const organization = useOrganization();
  return useRead(`organization ${organization}`, (signal) => api("get", "/v1/organizations/{organization}", { path: { organization }, signal }));
}

export const fixedRoles = ["owner", "admin", "member"];

/** Nobody gives or takes what outranks them: a role with anything that the viewer lacks. */
export function useOutranks(): (role: Role | undefined) => boolean {
  const { permissions } = useSession();
  return (role) => role !== undefined && role.permissions.some((permission) => !permissions.includes(permission));
}
