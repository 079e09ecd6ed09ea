/**
 * The papers of a session: how far the making is, and an office found by its name.
 */
import { readBoot } from "../boot.js";
import { t } from "../t.js";
import { searchDistricts } from "./districts.js";
import { followProgress } from "./progress.js";

readBoot();
followProgress(t("Dokumen selesai dibuat."));
searchDistricts();
