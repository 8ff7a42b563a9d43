// What an account still lacks, in the order of how much it matters.

import type { Me } from "../../../shared/api";
import { FEW_CODES } from "../me/few_codes";
import type { IconName } from "../parts/icon";
import { t } from "../words";

export interface Todo {
    icon: IconName;
    text: string;
    link: string;
    href: string;
}

export function todosOf(me: Me): Todo[] {
    const todos: Todo[] = [];
    const security = "/me?tab=security";
    if (me.factors.length === 0) {
        todos.push({ icon: "shield", text: t("todo.factor"), link: t("todo.factor_link"), href: security });
    } else if (me.recovery_left < FEW_CODES) {
        const text = t("todo.codes", { n: me.recovery_left });
        todos.push({ icon: "print", text, link: t("todo.codes_link"), href: security });
    }
    if (me.account.email === null && me.account.phone === null) {
        todos.push({ icon: "phone", text: t("todo.contact"), link: t("todo.contact_link"), href: "/me" });
    }
    return todos;
}
