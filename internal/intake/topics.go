package intake

import (
	"slices"

	"switchboard/internal/desk"
	"switchboard/internal/topic"
	"switchboard/internal/triage"
)

// topicWeight is what a topic's words weigh among the reasons: they are certain, and decide only where the map says so.
const topicWeight = 0.45

// assess is triage's assessment with what else is known of a message before it is put through.
func (j judge) assess(in triage.Input) triage.Assessment {
	return onTopics(j.model.Assess(in), j.topics.Find(in.Text, in.Subject, in.Warning))
}

// onTopics is a with the topics found, each with the words it was found by as a reason.
func onTopics(a triage.Assessment, found []topic.Found) triage.Assessment {
	for _, f := range found {
		if slices.Contains(a.Topics, f.Key) {
			continue
		}
		a.Topics = append(a.Topics, f.Key)
		r := triage.Reason{What: "names the topic " + f.Name, Weight: topicWeight, Words: []string{f.Words}}
		at, _ := slices.BinarySearchFunc(a.Reasons, r, func(x, y triage.Reason) int {
			if x.Weight >= y.Weight { // the weightiest first; after those that weigh as much
				return -1
			}
			return 1
		})
		a.Reasons = slices.Insert(a.Reasons, at, r)
	}
	return a
}

// noteTopics remembers which topics a conversation is on since one of its messages.
func (b *batch) noteTopics(c desk.ConversationID, a triage.Assessment) {
	for _, key := range a.Topics {
		b.topics = append(b.topics, topic.On{Conversation: c, Topic: key, At: b.now})
	}
}
