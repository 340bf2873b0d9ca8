// Package topic is the company's dictionary of what people write about: its products, its places, its campaigns. A topic
// has phrases, and a message is on a topic when it says one of them. What is found stands in the message's assessment with
// the words it was found by; the responsibility map and the rules ask for it.
//
// What never bends:
//   - A topic is found by its words, never guessed: whoever asks why is shown the words.
//   - Finding is pure and quick: one pass over the message, whatever the size of the dictionary.
//   - A key never changes and is what the map, the rules and old assessments name; name, kind and phrases may change.
//   - What people add to a conversation or take off by hand stays so, whatever the dictionary says later.
//   - Phrases that seem to belong to a topic are suggested, never added unasked.
package topic
