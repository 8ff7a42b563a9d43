// The programme desk: what a unit's loudspeakers play, by the day or the
// week, how much of the rules' minutes is used, what collides and who goes
// first; or what one pole group will really play, and why.

import planStyles from "../../styles/plan.css";
import programmeStyles from "../../styles/programme.css";
import plannerStyles from "../../styles/planner.css";
import { UnitFilter } from "../accounts/filters";
import { LinkButton } from "../parts/button";
import { Icon } from "../parts/icon";
import { Page } from "../parts/page";
import { sheetUse } from "../parts/sheet";
import { DaySteps } from "../programme/day_steps";
import { DeskTools } from "../programme/desk_tools";
import { GroupDesk, GroupFilter } from "../programme/group_desk";
import { UnitDesk } from "../programme/unit_desk";
import { monday, WEEK } from "../programme/week";
import { here, querySet } from "../state/router";
import { account, can } from "../state/session";
import { wide } from "../state/wide";
import { t } from "../words";
import { isDay, today } from "../words/format";

sheetUse(planStyles);
sheetUse(programmeStyles);
sheetUse(plannerStyles);

export default function Programmes() {
    const { query } = here.value;
    const unit = query.get("unit") ?? String(account.value?.unit.id ?? "");
    const group = Number(query.get("group")) || null;
    const asked = query.get("day");
    const day = isDay(asked) ? asked : today();
    const view = query.get("view");
    const week = view === null ? wide.value : view === "week";
    const from = week ? monday(day) : day;
    const span = { unit: Number(unit), from, count: week ? WEEK : 1 };
    return (
        <Page
            title={t("section.programmes")}
            lead={t("programmes.lead")}
            actions={
                <>
                    {can("programmes_write") && (
                        <LinkButton kind="primary" icon="plus" href={`/programmes/new?day=${day}`}>
                            {t("programmes.new")}
                        </LinkButton>
                    )}
                    <DeskTools unit={Number(unit)} week={monday(day)} />
                </>
            }
        >
            <div class="programme-bar">
                <DaySteps day={day} step={week ? WEEK : 1} />
                <div class="switch" role="group" aria-label={t("programmes.view")}>
                    <button type="button" aria-pressed={!week} onClick={() => querySet({ view: "day" })}>
                        <Icon name="more" />
                        {t("programmes.as_day")}
                    </button>
                    <button type="button" aria-pressed={week} onClick={() => querySet({ view: "week" })}>
                        <Icon name="calendar" />
                        {t("programmes.as_week")}
                    </button>
                </div>
                <div class="programme-unit">
                    <UnitFilter unit={unit} />
                </div>
                <div class="programme-unit">
                    <GroupFilter unit={Number(unit)} group={group} />
                </div>
            </div>
            {group === null ? <UnitDesk key={unit} {...span} /> : <GroupDesk key={group} group={group} {...span} />}
        </Page>
    );
}
