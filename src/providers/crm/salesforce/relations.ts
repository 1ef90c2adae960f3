const listOf = (columns: string) => `(SELECT ${columns} FROM EventRelations WHERE IsDeleted = false)`;

/** The list of an event's people as a column of a query. */
export const RELATIONS = listOf("Id,RelationId,Relation.Name,Relation.Email,Status,IsInvitee");

/** The same list in an org without Shared Activities, where everybody in it is invited. */
export const ALL_INVITED = listOf("Id,RelationId,Relation.Name,Relation.Email,Status");
