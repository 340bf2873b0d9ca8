package load

import (
	"fmt"
	"time"
)

// mark stands before the number of a message in its text.
func mark(run string) string { return "#" + run + "-" }

// texts are what people ask; each wants an answer, so that none is set aside.
var texts = []string{
	"Where is my order? It was due on Monday and nobody came.",
	"My washing machine shows E18 and stops in the middle. What can I do?",
	"Wo bleibt meine Bestellung? Seit drei Tagen steht dort „in Zustellung“.",
	"You have charged me twice, can you please check the invoice?",
	"Mon lave-vaisselle fuit par en dessous, puis-je réparer moi-même ?",
	"When do I get my refund? I sent it back two weeks ago.",
	"Do you have the coffee machine in white, and what does it cost?",
	"¿Cuándo llegará mi pedido? Nadie contesta al teléfono.",
	"Is the job as a service technician still open?",
	"This is the third time I write. Does anybody answer here?",
}

// message is the k-th message of a run, each in a thread of its own.
func message(run string, k int, now time.Time) map[string]any {
	who := k % people
	return map[string]any{
		"remoteId": fmt.Sprintf("load/%s/%d", run, k), "threadId": fmt.Sprintf("load/%s/%d", run, k), "kind": "comment", "at": now.UTC().Format(time.RFC3339Nano),
		"text": fmt.Sprintf("%s%d %s", mark(run), k, texts[k%len(texts)]),
		"from": map[string]any{"remoteId": fmt.Sprintf("load/%d", who), "name": fmt.Sprintf("Customer %d", who), "handle": fmt.Sprintf("customer%d", who)},
	}
}
