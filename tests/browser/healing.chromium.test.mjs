import { healingStory } from "./healing_story.mjs";

healingStory("chromium");
