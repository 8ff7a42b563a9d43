// Which kinds of unit stand in which tier, for the choices of forms. The
// server has the last word; this only keeps senseless choices off the screen.

import type { NewUnit, Tier, UnitKind } from "../../../shared/api";
import { t } from "../words";

export const kindsOf: Record<Tier, UnitKind[]> = {
    country: [],
    province: ["tinh", "thanh_pho_tw"],
    district: ["huyen", "thi_xa", "thanh_pho", "quan"],
    commune: ["xa", "phuong", "thi_tran", "dac_khu"],
    village: ["thon", "ban", "khoi_pho", "to_dan_pho"],
};

export const tiers: Tier[] = ["province", "district", "commune", "village"];

export function kindOptions(tier: Tier): { value: UnitKind; label: string }[] {
    return kindsOf[tier].map((value) => ({ value, label: t(`kind.${value}`) }));
}

export function tierOptions(): { value: Tier; label: string }[] {
    return tiers.map((value) => ({ value, label: t(`tier.${value}`) }));
}

export function firstKind(tier: Tier): UnitKind {
    return kindsOf[tier][0] ?? "xa";
}

export function newUnit(parent: number | null = null, tier: Tier = "commune"): NewUnit {
    return { tier, kind: firstKind(tier), name: "", code: null, parent_id: parent };
}
