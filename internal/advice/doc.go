// Package advice asks a language model what it thinks of a message that triage was not sure of, if the house wants that. It is
// off until an administrator names an address that speaks the usual chat-completions interface, in the house or outside.
//
// What comes back is a weak label: the operator sees it among the suggestions, and nothing else follows from it. It puts
// nothing through, teaches triage nothing, and is dropped when a person has acted meanwhile. A model that hangs, fails or
// lies costs at most the order of three suggestions.
//
// What leaves the house is one message, without what tells who wrote it as far as that can be found (Redact), cut to
// MostText characters, and what the departments say of themselves. The message goes as data, and its words never become an
// instruction to us: of the answer only the values that were offered count (Parse).
package advice
