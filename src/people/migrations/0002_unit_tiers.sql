-- The national model as of this release: four tiers to 2025-06-30, three since (day 20270 is
-- 2025-07-01). Data, not code: a province that differs changes these rows.

INSERT INTO tiers (name, rank, from_day, to_day) VALUES
    ('country', 0, -2147483648, 2147483647),
    ('province', 1, -2147483648, 2147483647),
    ('district', 2, -2147483648, 20270),
    ('commune', 3, -2147483648, 2147483647),
    ('village', 4, -2147483648, 2147483647);

INSERT INTO kinds (name, tier, title, place, from_day, to_day) VALUES
    ('quoc_gia', 'country', 'Nước', 0, -2147483648, 2147483647),
    ('tinh', 'province', 'Tỉnh', 1, -2147483648, 2147483647),
    ('thanh_pho_tw', 'province', 'Thành phố', 2, -2147483648, 2147483647),
    ('quan', 'district', 'Quận', 3, -2147483648, 20270),
    ('huyen', 'district', 'Huyện', 4, -2147483648, 20270),
    ('thi_xa', 'district', 'Thị xã', 5, -2147483648, 20270),
    ('thanh_pho', 'district', 'Thành phố', 6, -2147483648, 20270),
    ('xa', 'commune', 'Xã', 7, -2147483648, 2147483647),
    ('phuong', 'commune', 'Phường', 8, -2147483648, 2147483647),
    ('thi_tran', 'commune', 'Thị trấn', 9, -2147483648, 20270),
    ('dac_khu', 'commune', 'Đặc khu', 10, 20270, 2147483647),
    ('thon', 'village', 'Thôn', 11, -2147483648, 2147483647),
    ('ban', 'village', 'Bản', 12, -2147483648, 2147483647),
    ('khoi_pho', 'village', 'Khối phố', 13, -2147483648, 2147483647),
    ('to_dan_pho', 'village', 'Tổ dân phố', 14, -2147483648, 2147483647);
