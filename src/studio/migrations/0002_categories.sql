-- What grassroots information is about, after article 6 of Decree 49/2024. What a later decree says
-- is changed in the console, not here.
INSERT INTO bulletin_categories (code, position, name_vi, name_en, retired) VALUES
    ('policy', 1, 'Chủ trương, chính sách, pháp luật', 'Policy and law', FALSE),
    ('direction', 2, 'Chỉ đạo, điều hành của địa phương', 'Decisions of local authorities', FALSE),
    ('development', 3, 'Kinh tế, xã hội, chương trình, dự án tại địa phương', 'Local economy, programmes and projects', FALSE),
    ('knowledge', 4, 'Kiến thức, khoa học, kỹ thuật, sản xuất', 'Knowledge and production', FALSE),
    ('health', 5, 'Y tế, môi trường, an toàn thực phẩm', 'Health, environment, food safety', FALSE),
    ('culture', 6, 'Giáo dục, văn hóa, thể thao, gia đình', 'Education, culture, sport, family', FALSE),
    ('security', 7, 'Quốc phòng, an ninh, trật tự, an toàn giao thông', 'Defence, security, traffic safety', FALSE),
    ('crime', 8, 'Phòng, chống tội phạm, tệ nạn xã hội', 'Prevention of crime', FALSE),
    ('disaster', 9, 'Thiên tai, hỏa hoạn, dịch bệnh', 'Disasters, fires, epidemics', FALSE),
    ('people', 10, 'Người tốt, việc tốt, điển hình tiên tiến', 'Exemplary people', FALSE),
    ('services', 11, 'Dịch vụ công, thủ tục hành chính', 'Public services', FALSE),
    ('answers', 12, 'Trả lời phản ánh, kiến nghị của người dân', 'Answers to residents', FALSE),
    ('notice', 13, 'Thông báo khác', 'Other notices', FALSE);
