// Where a new bulletin may begin: a template of the unit or of one above.

import { templateList } from "../api/studio";
import { useLoad } from "../state/load";
import { t } from "../words";
import { contentClean, contentEmpty, contentOfTemplate, sameContent } from "./content";
import { draftSet, type Draft } from "./draft";

const MOST = 8;

export function TemplatesBar({ draft }: { draft: Draft }) {
    const list = useLoad(`templates|${draft.begun.unit}`, () => templateList(draft.begun.unit));
    const items = list.data?.items ?? [];
    const content = draft.content.value;
    const empty = sameContent({ ...contentEmpty(draft.begun.unit), category: content.category }, contentClean(content));
    if (items.length === 0 || !empty) {
        return null;
    }
    return (
        <div class="templates-bar" role="group" aria-label={t("template.begin")}>
            <span class="quiet">{t("template.begin")}</span>
            {items.slice(0, MOST).map((template) => (
                <button key={template.id} type="button" class="tongue" onClick={() => draftSet(draft, () => contentOfTemplate(template, draft.begun.unit))}>
                    {template.name}
                </button>
            ))}
        </div>
    );
}
