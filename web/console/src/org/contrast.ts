// How well two colours can be told apart (WCAG 2.2): what the service will say of them, while one types.

export const textContrast = 4.5;
export const buttonContrast = 3;

export const isColor = (text: string) => /^#[0-9a-f]{6}$/i.test(text);

function luminance(color: string): number {
  const linear = (at: number) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(1) + 0.7152 * linear(3) + 0.0722 * linear(5);
}

/** From 1 to 21, of "#rrggbb" both. */
export function contrastOf(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** Two decimals, cut off: what falls short never reads as if it met the limit. */
export const cutOff = (contrast: number) => Math.floor(contrast * 100) / 100;
