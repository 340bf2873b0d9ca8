package api

import (
	"context"
	"time"

	"switchboard/internal/desk"
	"switchboard/internal/staff"
	"switchboard/internal/topic"
)

// Topic is something people write about, as the dictionary has it.
type Topic struct {
	Key       string     `json:"key" doc:"Never changes. The map and the rules name it."`
	Name      string     `json:"name"`
	Kind      topic.Kind `json:"kind" enum:"product,place,campaign,other"`
	Phrases   []string   `json:"phrases" nullable:"false" doc:"Whole words in any case, with or without accents; with a * at its end a word may go on. None: its name counts."`
	Enabled   bool       `json:"enabled"`
	Version   int        `json:"version"`
	ChangedBy *Ref       `json:"changedBy,omitempty"`
	ChangedAt time.Time  `json:"changedAt"`
	Count     *int       `json:"count,omitempty" doc:"Conversations that came to be on it in the last 30 days. Only for who sees all conversations."`
	Can       []string   `json:"can" nullable:"false" doc:"manage, or nothing."`
}

// FoundTopic is a topic found in a text.
type FoundTopic struct {
	Key   string `json:"key"`
	Name  string `json:"name"`
	Words string `json:"words" doc:"As written in the text."`
}

// topicSpan is how far back the counts of topics look.
const topicSpan = 30 * 24 * time.Hour

func (s *Server) showTopic(r *staff.Roster, who staff.Actor, t topic.Topic, n int) Topic {
	v := Topic{Key: t.Key, Name: t.Name, Kind: t.Kind, Phrases: orNone(t.Phrases), Enabled: t.Enabled, Version: t.Version,
		ChangedBy: maybePerson(r, t.ChangedBy), ChangedAt: t.ChangedAt, Can: []string{}}
	if who.Can(staff.SeeAll) { // of what they may not see they do not learn how much there is
		v.Count = &n
	}
	if who.Can(staff.DepartmentsManage) {
		v.Can = append(v.Can, "manage")
	}
	return v
}

// getTopics returns the dictionary. Everybody who answers may read it: the topics stand on the conversations.
func (s *Server) getTopics(ctx context.Context, _ *struct{}) (*body[items[Topic]], error) {
	if err := who(ctx).Require(staff.SeePeople); err != nil {
		return nil, err
	}
	list, err := s.Topics.Topics(ctx)
	if err != nil {
		return nil, err
	}
	counts, err := s.Topics.Counts(ctx, topicSpan)
	if err != nil {
		return nil, err
	}
	r, err := s.Staff.Roster(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Topic, 0, len(list))
	for _, t := range list {
		out = append(out, s.showTopic(r, who(ctx), t, counts[t.Key]))
	}
	return all(out, nil)
}

// topicBody is what can be said of a topic; what is left out stays as it is.
type topicBody struct {
	Name    *string     `json:"name,omitempty" maxLength:"200"`
	Kind    *topic.Kind `json:"kind,omitempty" enum:"product,place,campaign,other"`
	Phrases *[]string   `json:"phrases,omitempty" maxItems:"1000"`
	Enabled *bool       `json:"enabled,omitempty"`
	Version int         `json:"version,omitempty" minimum:"0" doc:"The version that was changed: another one is refused (409)."`
}

func (b topicBody) change() topic.Change {
	return topic.Change{Name: b.Name, Kind: b.Kind, Phrases: b.Phrases, Enabled: b.Enabled, Version: b.Version}
}

func (s *Server) oneTopic(ctx context.Context, t topic.Topic, err error) (*body[Topic], error) {
	if err != nil {
		return nil, err
	}
	counts, err := s.Topics.Counts(ctx, topicSpan)
	if err != nil {
		return nil, err
	}
	r, err := s.Staff.Roster(ctx)
	return answer(s.showTopic(r, who(ctx), t, counts[t.Key]), err)
}

type newTopic struct{ Body topicBody }

func (s *Server) postTopic(ctx context.Context, in *newTopic) (*body[Topic], error) {
	t, err := s.Topics.Add(ctx, who(ctx), in.Body.change())
	return s.oneTopic(ctx, t, err)
}

// TopicPath names a topic.
type TopicPath struct {
	Key string `path:"key" maxLength:"100"`
}

type topicForm struct {
	TopicPath
	Body topicBody
}

func (s *Server) patchTopic(ctx context.Context, in *topicForm) (*body[Topic], error) {
	t, err := s.Topics.Change(ctx, who(ctx), in.Key, in.Body.change())
	return s.oneTopic(ctx, t, err)
}

func (s *Server) deleteTopic(ctx context.Context, in *TopicPath) (*none, error) {
	return done(s.Topics.Remove(ctx, who(ctx), in.Key))
}

// TopicSuggestion is a phrase that seems to belong to a topic, or to mislead about it.
type TopicSuggestion struct {
	Topic  string `json:"topic" doc:"Its key."`
	Name   string `json:"name"`
	Phrase string `json:"phrase" doc:"As contacts wrote it."`
	Count  int    `json:"count" doc:"Conversations of the last 90 days that were put on the topic by hand, or taken off, and say it."`
	Drop   bool   `json:"drop" doc:"They were taken off: the phrase finds what is not meant."`
}

func (s *Server) getTopicSuggestions(ctx context.Context, _ *struct{}) (*body[items[TopicSuggestion]], error) {
	list, err := s.Topics.Suggestions(ctx, who(ctx))
	out := make([]TopicSuggestion, 0, len(list))
	for _, k := range list {
		out = append(out, TopicSuggestion{k.Topic.Key, k.Topic.Name, k.Phrase, k.Count, k.Drop})
	}
	return all(out, err)
}

type topicTrial struct {
	Body struct {
		Text string `json:"text" maxLength:"10000"`
	}
}

// postTopicTrial says what would be found in a text.
func (s *Server) postTopicTrial(ctx context.Context, in *topicTrial) (*body[items[FoundTopic]], error) {
	if err := who(ctx).Require(staff.SeePeople); err != nil {
		return nil, err
	}
	m, err := s.Topics.Matcher(ctx)
	if err != nil {
		return nil, err
	}
	out := []FoundTopic{}
	for _, f := range m.Find(in.Body.Text) {
		out = append(out, FoundTopic(f))
	}
	return all(out, nil)
}

// getTopicConversations lists the newest conversations on a topic, of those that whoever asks may see.
func (s *Server) getTopicConversations(ctx context.Context, in *TopicPath) (*body[items[Row]], error) {
	v, err := s.show(ctx)
	if err != nil {
		return nil, err
	}
	if err := v.who.Require(staff.SeePeople); err != nil {
		return nil, err
	}
	ids, err := s.Topics.Newest(ctx, in.Key, s.Now().Add(-topicSpan), 200)
	if err != nil {
		return nil, err
	}
	list, err := s.Desk.Listed(ctx, v.who, ids)
	if err != nil {
		return nil, err
	}
	rows, err := s.rows(ctx, v, list)
	return all(rows, err)
}

// OnTopic is a topic that a conversation is on.
type OnTopic struct {
	Key    string     `json:"key"`
	Name   string     `json:"name" doc:"The key, when the topic was removed from the dictionary."`
	Kind   topic.Kind `json:"kind"`
	ByHand bool       `json:"byHand" doc:"Somebody said so; it was not found in the words."`
}

func (s *Server) topicsOf(ctx context.Context, c desk.ConversationID) ([]OnTopic, error) {
	list, err := topic.Of(ctx, s.Store.Read(), c)
	if err != nil || len(list) == 0 {
		return []OnTopic{}, err
	}
	topics, err := s.Topics.Topics(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]OnTopic, 0, len(list))
	for _, o := range list {
		one := OnTopic{o.Topic, o.Topic, topic.Other, !o.Person.IsZero()}
		for _, t := range topics {
			if t.Key == o.Topic {
				one.Name, one.Kind = t.Name, t.Kind
			}
		}
		out = append(out, one)
	}
	return out, nil
}

type topicsForm struct {
	ConversationPath
	Body struct {
		Topics []string `json:"topics" maxItems:"100" doc:"The keys of all topics it is on."`
	}
}

// putTopics says which topics a conversation is on.
func (s *Server) putTopics(ctx context.Context, in *topicsForm) (*body[Conversation], error) {
	if err := s.Topics.Correct(ctx, who(ctx), in.ID.Of, in.Body.Topics); err != nil {
		return nil, err
	}
	return answer(s.whole(ctx, in.ID.Of))
}
