// Loaded together: who looks at one of them looks at others.

export { OperatorHome } from "./home.tsx";
export { Organizations } from "./organizations.tsx";
export { OrganizationPage } from "./organization.tsx";
export { Users } from "./users.tsx";
export { UserPage } from "./user.tsx";
export { Mail } from "./mail.tsx";
export { SigningKeys } from "./signing-keys.tsx";
export { Permissions } from "./permissions.tsx";
export { Limits } from "./limits.tsx";
export { Service } from "./service.tsx";
