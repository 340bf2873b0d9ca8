package topic

import (
	"fmt"
	"testing"

	"switchboard/internal/desk"
)

func TestPhrasesAreSuggestedFromWhatPeopleDidByHand(t *testing.T) {
	topics := []Topic{of("kettle", Product, "kettle*"), of("berlin", Place)}
	m := Compile(topics)
	usual := []string{"Hello, where is my order?", "Hello, the bill is wrong", "When will my order arrive"}
	for k := range 60 {
		usual = append(usual, fmt.Sprintf("Hello, order number %d is late", k))
	}
	var corrected []spoken
	say := func(key string, removed bool, texts ...string) {
		for _, text := range texts {
			corrected = append(corrected, spoken{desk.ConversationID(len(corrected) + 1), key, removed, text})
		}
	}
	say("kettle", false, "Hello, my water cooker leaks", "the Water Cooker is hot", "order a water cooker", "a water cooker", "my kettle leaks", "kettle again")
	say("berlin", true, "a Berlin doughnut, please", "berlin doughnut", "two Berlin buns")
	got := map[string]int{}
	for _, s := range suggested(topics, m, corrected, usual) {
		got[fmt.Sprint(s.Topic.Key, " ", s.Phrase, " ", s.Drop)] = s.Count
	}
	if len(got) != 2 || got["kettle water cooker false"] != 4 || got["berlin Berlin true"] != 3 {
		t.Errorf("%v", got)
	}
}

func TestWhatTwoSayOrAllSayIsNotSuggested(t *testing.T) {
	topics := []Topic{of("kettle", Product, "kettle*")}
	corrected := []spoken{{1, "kettle", false, "the zorgulon hello"}, {2, "kettle", false, "a zorgulon hello"}, {3, "kettle", false, "hello there"}, {4, "gone", false, "hello"}}
	if got := suggested(topics, Compile(topics), corrected, []string{"hello", "hello you", "well hello"}); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}
