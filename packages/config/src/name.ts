/** Of a name that calls are charged to, blanks around it not counted. */
export const MAX_NAME_LENGTH = 256;
export const NAME_HINT: string = `write a name of 1 to ${MAX_NAME_LENGTH} characters`;
