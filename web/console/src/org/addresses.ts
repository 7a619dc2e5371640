/** The addresses in what somebody pasted: by line, comma, semicolon or space, "Ada <ada@example.com>" too, each once. */
export function addressesIn(text: string): string[] {
  const found = text.split(/[\s,;<>"']+/).filter((word) => word.includes("@"));
  const seen = new Set<string>();
  return found.filter((address) => {
    const key = address.toLowerCase();
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
