/**
 * Messages to paste into a chat.
 */
import { readBoot } from "../boot.js";
import { copyButtons } from "./copy.js";

readBoot();
copyButtons();
