/** The mark of the console: two shares of one line. */
export const ICON_SVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#1d2024"/><rect x="3" y="4" width="10" height="3" rx="1" fill="#8fb8ff"/><rect x="3" y="9" width="4" height="3" rx="1" fill="#8fb8ff"/></svg>`;
