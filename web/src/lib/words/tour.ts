export const tourWords = {
  "tour.title": "Show me around",
  "tour.step": "Step {n} of {of}",
  "tour.next": "Next",
  "tour.done": "Done",
  "tour.end": "End the tour",
  "tour.views": "Piles of work",
  "tour.views.text":
    "Mine is what you have. My department is what your colleagues and you have. Not taken waits for somebody. The numbers are how much there is of each.",
  "tour.row": "Who, what, whose, how long",
  "tour.row.text":
    "Each line is one conversation: who wrote, what they want, who has it, and how long is left to answer. J and K go up and down the list.",
  "tour.why": "Why it is here",
  "tour.why.text":
    "Switchboard put it through by what was said, not by the account it arrived on. Open this line for the reasons. If somebody else fits better, put it through: it learns at once.",
  "tour.composer": "Answer, note, ask",
  "tour.composer.text":
    "The button says as whom you speak, and whether the public reads it. Notes stay inside. If a colleague knows better, ask them from here and stay the owner.",
  "tour.palette": "Everything has a key",
  "tour.palette.text":
    "{keys} finds every action, place and conversation by a few letters, and ? lists the keys. That is all: the customers in this demonstration go on writing.",
} as const;
