// Package skill counts what people answered: how many conversations with which intent and on which topic, and how long each
// took. Routing lets it speak for them, and says so: "knows Kettle Pro: 14 answered, 2 min median".
//
// What never bends:
//   - Only counts are kept, no words and no contacts: erasing a contact leaves nothing to erase here.
//   - All comes from the journal, each entry once, whatever dies when. Rebuild forgets everything and reads the journal again,
//     as far back as it is kept; conversations then count by the intents and topics they have by now.
//   - An answer counts when it was sent, not when it was written: what was taken back or failed never did.
//   - Skills that people were given count more than what is learned.
package skill
