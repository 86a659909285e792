import { subscriberStory } from "./subscriber_story.mjs";

subscriberStory("chromium");
