// Package library keeps the answers that exist: entries of what may be said and how things are done, and the short replies
// that people keep at hand.
//
// An entry has an owner, texts in Markdown, one a language, whom they may be said to, and a day on which somebody looks
// whether it is still right. Every version is kept. It is found by its words, in order of how well it fits what the contact
// said, the language, the topics, and how well it did: used as it stands, and liked.
//
// What never bends: what is for inside only is not said outside; an entry for some departments is not shown to others; two
// people who change an entry at once lose nothing; nothing is removed, only archived.
package library
