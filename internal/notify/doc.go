// Package notify tells people of what happened that concerns them: in the list behind the bell, by push to their browsers, by
// mail, and whole rooms of a chat tool.
//
// What never bends:
//   - All comes from the journal, each entry once, whatever dies when: what is filed and the place after it are one transaction.
//   - Nobody is told of what they may not see. That is asked when it is filed, when the list is read, and again when something
//     is about to leave.
//   - Nobody is told of their own deed.
//   - Everything stands in the list. By each other way a person is told once a minute at most; what came meanwhile is counted.
//   - What leaves the house says who and what kind, and no word of a message unless the person chose so.
//
// Kinds are one table (kinds.go): a new kind is a line in it. Bell is the door.
package notify
