// Who is signed in, for all screens.

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Session } from "./api.ts";

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("no screen without a session");
  return session;
}

/** The id of the organization in which one works. Only on its screens. */
export function useOrganization(): string {
  return useSession().organization?.id ?? "";
}

export function useMay(): (permission: string) => boolean {
  const { permissions } = useSession();
  return (permission) => permissions.includes(permission);
}
