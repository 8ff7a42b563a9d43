-- categories_all: many
-- The list in its order.
-- out: code str, name_vi str, name_en str, retired bool
-- most: 200
SELECT code, name_vi, name_en, retired FROM bulletin_categories ORDER BY retired, position, code
LIMIT 200;

-- categories_retire: change
-- What does not come again is not offered any more.
UPDATE bulletin_categories SET retired = TRUE;

-- category_put: change
-- One of the list.
-- in: code str, position i64, name_vi str, name_en str, retired bool
INSERT INTO bulletin_categories (code, position, name_vi, name_en, retired)
VALUES (:code, :position, :name_vi, :name_en, :retired)
ON CONFLICT (code) DO UPDATE SET position = excluded.position, name_vi = excluded.name_vi,
    name_en = excluded.name_en, retired = excluded.retired;
