/** The dictionary of topics. */
export const topicWords = {
  "topics.title": "Topics",
  "topics.summary":
    "What people write about: products, places, campaigns. A topic is found by its words, never guessed. Responsibilities and rules ask for it; a change counts from the next message.",
  "topics.add": "Add a topic",
  "topics.empty":
    "No topics yet. Add your products, your places and your campaigns, and say who answers for which on the page of responsibilities.",
  "topics.search": "Find a topic or a phrase",
  "topics.none": "No topic or phrase holds “{q}”.",
  "topics.kind.product": "Product",
  "topics.kind.place": "Place",
  "topics.kind.campaign": "Campaign",
  "topics.kind.other": "Other",
  "topics.kinds.product": "Products",
  "topics.kinds.place": "Places",
  "topics.kinds.campaign": "Campaigns",
  "topics.kinds.other": "Other topics",
  "topics.byName": "found by its name",
  "topics.show": "Show the conversations on the topic",
  "topics.conversations": "conversations in 30 days",
  "topics.count": "{n} conversation in 30 days|{n} conversations in 30 days",
  "topics.count.none": "none in 30 days",
  "topics.count.open": "Conversations on “{name}”",
  "topics.on": "“{name}” is on",
  "topics.edit": "Edit “{name}”",
  "topics.switched.on": "On from the next message.",
  "topics.switched.off": "Off: it is not found any more.",

  "topic.new": "New topic",
  "topic.name": "Name",
  "topic.name.help": "As people here call it: it stands in the map, in rules and beside conversations.",
  "topic.kind": "Kind",
  "topic.kind.help":
    "A name within a longer one counts only if the two are of different kinds. Where a text names the topic of a conversation, a product goes before a place, a campaign and the rest.",
  "topic.phrases": "Phrases, one a line",
  "topic.phrases.help":
    "Whole words in any case, with or without accents, in any language. With * a word may go on: kettle*. Without any, its name counts. Account names and links are not looked at.",
  "topic.saved": "Saved. It counts from the next message.",
  "topic.remove": "Remove the topic",
  "topic.removed": "Removed. Conversations keep what was found in them.",

  "topic.try": "Try a sentence",
  "topic.try.label": "A sentence, as a customer would write it",
  "topic.try.help": "See at once which topics would be found in it. Nothing is kept.",
  "topic.try.none": "No topic is found in it.",
  "topic.try.found": "{name}, by “{words}”",

  "topic.suggested": "Learned from what people corrected",
  "topic.suggested.help": "Nothing changes until you do it.",
  "topic.suggested.add":
    "“{phrase}” seems to mean {name}: {n} conversation put on it by hand says so.|“{phrase}” seems to mean {name}: {n} conversations put on it by hand say so.",
  "topic.suggested.drop":
    "“{phrase}” does not always mean {name}: {n} conversation was taken off. See to its phrases.|“{phrase}” does not always mean {name}: {n} conversations were taken off. See to its phrases.",
  "topic.suggested.do": "Add the phrase",
  "topic.suggested.do.label": "Add “{phrase}” to {name}",
  "topic.suggested.done": "Added. It counts from the next message.",

  "topic.conversations": "On “{name}” in the last 30 days",
  "topic.conversations.none": "None that you may see.",
} as const;
