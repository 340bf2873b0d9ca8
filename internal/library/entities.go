package library

import (
	"github.com/yuin/goldmark/util"
)

// entities is a text of Markdown with its entities resolved and its backslashes gone.
func entities(raw []byte) []byte {
	return util.UnescapePunctuations(util.ResolveEntityNames(util.ResolveNumericReferences(raw)))
}
