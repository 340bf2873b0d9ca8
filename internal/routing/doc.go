// Package routing decides whom a message is put through to, and says why in words a person can read.
//
// In this order: a rule of the company, if one matches, is certain; the responsibility map and the model together choose
// the department; skills, presence, load, language and what somebody answered before choose the person. Where the choice
// is not sure enough or nobody fits, it is the operator's, with three suggestions.
//
// What never bends:
//   - Pure: time and presence are handed in, nothing of ours is imported. Same arguments, same decision, in whatever
//     order people and departments were listed.
//   - The account a message arrived on never decides the department, unless the company wrote a rule that says so. Of the
//     department's people, those who were given the right to speak on it come before their equals.
//   - Nobody absent and nobody at capacity is chosen.
package routing
