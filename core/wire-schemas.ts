/** JSON Schemas of what several parts take from outside. */

/** No control characters: PostgreSQL's texts have no NUL, and keys are told apart by line ends. */
export const nameSchema = { type: 'string', minLength: 1, maxLength: 256, pattern: '^[^\\u0000-\\u001f]+$' };

export const timeSchema = { type: 'string', minLength: 20, maxLength: 20, pattern: 'T\\d\\d:00:00Z$' };
