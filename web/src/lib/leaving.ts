/** Whether somebody is signing out at this moment: nothing more is said in their name. */
export const leaving = { now: false };
