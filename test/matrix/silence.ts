/** The last that the provider says in the scenarios where it then falls silent. */
export const SILENCE = "[and then nothing]";
