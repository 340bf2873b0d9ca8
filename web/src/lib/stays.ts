import { useEffect, useState } from "react";

/** Long enough that one does not only pass by on the way to the next, in milliseconds. */
export const aMoment = 250;

/** Whether one has been at something for a moment: what is only looked through is asked nothing of the server. */
export function useStays(at: string): boolean {
  const [there, setThere] = useState<string>();
  useEffect(() => {
    // Notices that one stays.
    const timer = setTimeout(() => setThere(at), aMoment);
    return () => clearTimeout(timer);
  }, [at]);
  return there === at;
}
