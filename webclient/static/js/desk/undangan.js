/**
 * Invitations of a session: sheets that are being printed, messages to copy, an office found by its name.
 */
import { readBoot } from "../boot.js";
import { t } from "../t.js";
import { copyButtons } from "./copy.js";
import { searchDistricts } from "./districts.js";
import { followProgress } from "./progress.js";

readBoot();
copyButtons();
followProgress(t("Lembar undangan selesai dibuat."));
searchDistricts();
