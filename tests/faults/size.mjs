// How much a suite does: enough to fail in a minute, or, with LAMPPOST_LONG=1, what RELIABILITY's matrix asks for.

export const isLong = process.env.LAMPPOST_LONG === "1";
export const size = (quick, long) => (isLong ? long : quick);
