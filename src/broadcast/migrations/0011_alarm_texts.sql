-- Prepared emergencies that come with the program, in Vietnamese and English, each with what says that it is
-- over and what corrects it. A unit changes them by keeping its own. signal: 2 chime, 3 siren.

INSERT INTO alarm_templates (unit_id, hazard, name, signal, clip, times, pause_ms, again_s, valid_s, category, event, urgency, severity, certainty, response, changed_at_us) VALUES
    (0, 'flood', 'Lũ lên nhanh', 3, 1, 3, 1000, 300, 3600, 'Met', 'Flood', 'Immediate', 'Severe', 'Observed', 'Evacuate', 0),
    (0, 'landslide', 'Sạt lở đất', 3, 2, 3, 1000, 300, 3600, 'Geo', 'Landslide', 'Immediate', 'Severe', 'Likely', 'Evacuate', 0),
    (0, 'storm', 'Bão mạnh', 3, 3, 3, 1000, 600, 7200, 'Met', 'Storm', 'Expected', 'Severe', 'Likely', 'Shelter', 0),
    (0, 'fire', 'Cháy lớn', 3, 4, 3, 1000, 300, 3600, 'Fire', 'Fire', 'Immediate', 'Severe', 'Observed', 'Evacuate', 0),
    (0, 'dam', 'Hồ chứa xả lũ', 3, 5, 3, 1000, 600, 10800, 'Infra', 'Dam release', 'Expected', 'Severe', 'Likely', 'Evacuate', 0),
    (0, 'epidemic', 'Dịch bệnh', 2, 6, 2, 1000, 0, 7200, 'Health', 'Epidemic', 'Expected', 'Moderate', 'Observed', 'Avoid', 0),
    (0, 'missing', 'Tìm người mất tích', 2, 7, 2, 1000, 0, 7200, 'Rescue', 'Missing person', 'Immediate', 'Moderate', 'Observed', 'Execute', 0),
    (0, 'other', 'Khẩn cấp khác', 3, 0, 3, 1000, 300, 3600, 'Other', 'Emergency', 'Immediate', 'Severe', 'Observed', 'Monitor', 0),
    (0, 'drill', 'Diễn tập', 2, 9, 2, 1000, 0, 1800, 'Safety', 'Drill', 'Immediate', 'Minor', 'Observed', 'Monitor', 0);

INSERT INTO alarm_template_texts (template_id, place, language, title, text, short_text, cancel_title, cancel_text, correction_title, correction_text)
SELECT id, 0, 'vi',
    'Lũ lên nhanh',
    'Khẩn cấp. Nước lũ tại {place} đang lên nhanh, dự báo đạt {level} lúc {time}. Bà con ở vùng thấp và ven sông hãy rời ngay lên chỗ cao theo hướng dẫn của xã. Không lội qua dòng nước chảy xiết. Cần cứu giúp xin gọi {phone}.',
    'Khẩn cấp. Nước lũ đang lên nhanh. Bà con ở vùng thấp và ven sông hãy rời ngay lên chỗ cao. Không lội qua dòng nước chảy xiết.',
    'Lũ đã rút',
    'Thông báo. Nguy hiểm do lũ đã qua. Bà con chờ xã kiểm tra đường và nhà cửa trước khi trở về.',
    'Đính chính tin lũ',
    'Đính chính. Tin lũ vừa phát có chỗ chưa đúng. Bà con ở nơi an toàn và chờ thông báo mới của xã.'
FROM alarm_templates WHERE unit_id = 0 AND hazard = 'flood';

INSERT INTO alarm_template_texts (template_id, place, language, title, text, short_text, cancel_title, cancel_text, correction_title, correction_text)
SELECT id, 1, 'en',
    'Flood rising fast',
    'Emergency. Flood water at {place} is rising fast and is expected to reach {level} at {time}. Leave low ground and river banks now and go to higher places as the commune directs. Do not wade through fast water. For help call {phone}.',
    'Emergency. Flood water is rising fast. Leave low ground and river banks now and go to higher places. Do not wade through fast water.',
    'The flood has gone down',
    'Notice. The danger of the flood is over. Wait until the commune has checked roads and houses before you return.',
    'Correction of the flood warning',
    'Correction. The flood warning just given was not right in parts. Stay where it is safe and wait for the next notice.'
FROM alarm_templates WHERE unit_id = 0 AND hazard = 'flood';

INSERT INTO alarm_template_texts (template_id, place, language, title, text, short_text, cancel_title, cancel_text, correction_title, correction_text)
SELECT id, 0, 'vi',
    'Sạt lở đất',
    'Khẩn cấp. Có nguy cơ sạt lở đất tại {place}. Bà con ở chân đồi, ven suối hãy rời ngay đến {shelter} theo hướng dẫn của xã. Không đi qua {road}.',
    'Khẩn cấp. Có nguy cơ sạt lở đất. Bà con ở chân đồi, ven suối hãy rời ngay đến nơi an toàn theo hướng dẫn của xã.',
    'Hết nguy cơ sạt lở',
    'Thông báo. Nguy cơ sạt lở đã giảm. Bà con chỉ trở về khi xã cho phép.',
    'Đính chính tin sạt lở',
    'Đính chính. Tin sạt lở vừa phát có chỗ chưa đúng. Bà con ở nơi an toàn và chờ thông báo mới của xã.'
FROM alarm_templates WHERE unit_id = 0 AND hazard = 'landslide';

INSERT INTO alarm_template_texts (template_id, place, language, title, text, short_text, cancel_title, cancel_text, correction_title, correction_text)
SELECT id, 1, 'en',
    'Landslide',
    'Emergency. There is danger of a landslide at {place}. Leave the foot of the hills and the banks of streams now and go to {shelter} as the commune directs. Do not use {road}.',
    'Emergency. There is danger of a landslide. Leave the foot of the hills and the banks of streams now, as the commune directs.',
    'Danger of landslides over',
    'Notice. The danger of landslides has lessened. Return only when the commune allows it.',
    'Correction of the landslide warning',
    'Correction. The landslide warning just given was not right in parts. Stay where it is safe and wait for the next notice.'
FROM alarm_templates WHERE unit_id = 0 AND hazard = 'landslide';

INSERT INTO alarm_template_texts (template_id, place, language, title, text, short_text, cancel_title, cancel_text, correction_title, correction_text)
SELECT id, 0, 'vi',
    'Bão mạnh',
    'Khẩn cấp. Bão {name} sẽ vào {place} khoảng {time}, gió {level}. Bà con chằng chống nhà cửa, ở trong nhà kiên cố, tránh xa cửa kính, cây lớn và đường điện. Tàu thuyền vào bờ ngay.',
    'Khẩn cấp. Bão mạnh sắp đến. Bà con ở yên trong nhà kiên cố, tránh xa cửa kính, cây lớn và đường điện.',
    'Bão đã qua',
    'Thông báo. Bão đã qua. Bà con chú ý dây điện đứt và cây đổ khi ra ngoài.',
    'Đính chính tin bão',
    'Đính chính. Tin bão vừa phát có chỗ chưa đúng. Bà con ở trong nhà và chờ thông báo mới.'
FROM alarm_templates WHERE unit_id = 0 AND hazard = 'storm';

INSERT INTO alarm_template_texts (template_id, place, language, title, text, short_text, cancel_title, cancel_text, correction_title, correction_text)
SELECT id, 1, 'en',
    'Severe storm',
    'Emergency. Storm {name} will reach {place} at about {time} with winds of {level}. Secure your house, stay inside a solid building, away from glass, large trees and power lines. Boats return to shore now.',
    'Emergency. A severe storm is near. Stay inside a solid building, away from glass, large trees and power lines.',
    'The storm has passed',
    'Notice. The storm has passed. Beware of broken power lines and fallen trees.',
    'Correction of the storm warning',
    'Correction. The storm warning just given was not right in parts. Stay inside and wait for the next notice.'
FROM alarm_templates WHERE unit_id = 0 AND hazard = 'storm';

INSERT INTO alarm_template_texts (template_id, place, language, title, text, short_text, cancel_title, cancel_text, correction_title, correction_text)
SELECT id, 0, 'vi',
    'Cháy lớn',
    'Khẩn cấp. Đang có cháy lớn tại {place}. Bà con rời khỏi khu vực cháy về phía {direction}, đóng cửa, tắt điện và ga, nhường đường cho xe chữa cháy. Ai bị kẹt gọi một một bốn.',
    'Khẩn cấp. Đang có cháy lớn. Bà con rời khỏi khu vực cháy, gọi một một bốn và nhường đường cho xe chữa cháy.',
    'Đám cháy đã được dập tắt',
    'Thông báo. Đám cháy đã được khống chế. Bà con chưa vào khu vực cháy cho đến khi công an cho phép.',
    'Đính chính tin cháy',
    'Đính chính. Tin cháy vừa phát có chỗ chưa đúng. Bà con chờ thông báo mới.'
FROM alarm_templates WHERE unit_id = 0 AND hazard = 'fire';

INSERT INTO alarm_template_texts (template_id, place, language, title, text, short_text, cancel_title, cancel_text, correction_title, correction_text)
SELECT id, 1, 'en',
    'Large fire',
    'Emergency. There is a large fire at {place}. Leave towards {direction}, close doors, turn off power and gas, and make way for fire engines. If you are trapped call one one four.',
    'Emergency. There is a large fire. Leave the area, call one one four and make way for fire engines.',
    'The fire is out',
    'Notice. The fire is under control. Do not enter the area until the police allow it.',
    'Correction of the fire warning',
    'Correction. The fire warning just given was not right in parts. Wait for the next notice.'
FROM alarm_templates WHERE unit_id = 0 AND hazard = 'fire';

INSERT INTO alarm_template_texts (template_id, place, language, title, text, short_text, cancel_title, cancel_text, correction_title, correction_text)
SELECT id, 0, 'vi',
    'Hồ chứa xả lũ',
    'Khẩn cấp. Hồ {reservoir} bắt đầu xả lũ lúc {time}, lưu lượng {level}. Bà con ở hạ du tại {place} rời ngay khỏi lòng sông, bãi bồi, đưa thuyền bè, gia súc lên bờ và không qua ngầm tràn.',
    'Khẩn cấp. Hồ chứa chuẩn bị xả lũ. Bà con ở hạ du rời ngay khỏi lòng sông, bãi bồi và đưa thuyền bè vào bờ.',
    'Ngừng xả lũ',
    'Thông báo. Hồ chứa đã ngừng xả lũ. Nước sông rút chậm, bà con vẫn chú ý khi ra bãi sông.',
    'Đính chính tin xả lũ',
    'Đính chính. Tin xả lũ vừa phát có chỗ chưa đúng. Bà con không ra sông và chờ thông báo mới.'
FROM alarm_templates WHERE unit_id = 0 AND hazard = 'dam';

INSERT INTO alarm_template_texts (template_id, place, language, title, text, short_text, cancel_title, cancel_text, correction_title, correction_text)
SELECT id, 1, 'en',
    'Dam release',
    'Emergency. The reservoir {reservoir} begins to release water at {time}, {level}. People downstream at {place}: leave the river bed and flats now, bring boats and cattle ashore and do not cross fords.',
    'Emergency. A reservoir is about to release water. People downstream: leave the river bed and flats now and bring boats ashore.',
    'Release ended',
    'Notice. The reservoir has ended its release. The river falls slowly; take care on its banks.',
    'Correction of the notice of release',
    'Correction. The notice of release just given was not right in parts. Keep away from the river and wait for the next notice.'
FROM alarm_templates WHERE unit_id = 0 AND hazard = 'dam';

INSERT INTO alarm_template_texts (template_id, place, language, title, text, short_text, cancel_title, cancel_text, correction_title, correction_text)
SELECT id, 0, 'vi',
    'Dịch bệnh',
    'Thông báo khẩn. {place} có dịch {name}. Bà con đeo khẩu trang, rửa tay, hạn chế tụ tập và báo trạm y tế theo số {phone} khi có triệu chứng.',
    'Thông báo khẩn. Địa phương có dịch bệnh. Bà con đeo khẩu trang, hạn chế tụ tập và báo trạm y tế khi có triệu chứng.',
    'Dịch đã được khống chế',
    'Thông báo. Dịch bệnh tại địa phương đã được khống chế. Cảm ơn bà con đã hợp tác.',
    'Đính chính tin dịch bệnh',
    'Đính chính. Tin dịch bệnh vừa phát có chỗ chưa đúng. Bà con theo dõi thông báo mới của trạm y tế.'
FROM alarm_templates WHERE unit_id = 0 AND hazard = 'epidemic';

INSERT INTO alarm_template_texts (template_id, place, language, title, text, short_text, cancel_title, cancel_text, correction_title, correction_text)
SELECT id, 1, 'en',
    'Epidemic',
    'Urgent notice. There is an outbreak of {name} at {place}. Wear a mask, wash your hands, avoid gatherings and call the health station at {phone} when you have symptoms.',
    'Urgent notice. There is an outbreak of disease. Wear a mask, avoid gatherings and tell the health station when you have symptoms.',
    'The outbreak is under control',
    'Notice. The outbreak is under control. Thank you for your help.',
    'Correction of the health notice',
    'Correction. The health notice just given was not right in parts. Follow the notices of the health station.'
FROM alarm_templates WHERE unit_id = 0 AND hazard = 'epidemic';

INSERT INTO alarm_template_texts (template_id, place, language, title, text, short_text, cancel_title, cancel_text, correction_title, correction_text)
SELECT id, 0, 'vi',
    'Tìm người mất tích',
    'Thông báo khẩn tìm người mất tích: {name}, {age} tuổi, {description}, được thấy lần cuối tại {place} lúc {time}. Ai có tin tức xin báo ngay theo số {phone}.',
    'Thông báo khẩn tìm người mất tích. Ai có tin tức xin báo ngay cho công an xã.',
    'Đã tìm thấy người mất tích',
    'Thông báo. Người mất tích đã được tìm thấy. Cảm ơn bà con đã giúp đỡ.',
    'Đính chính tin tìm người',
    'Đính chính. Tin tìm người vừa phát có chỗ chưa đúng. Bà con nghe thông báo mới ngay sau đây.'
FROM alarm_templates WHERE unit_id = 0 AND hazard = 'missing';

INSERT INTO alarm_template_texts (template_id, place, language, title, text, short_text, cancel_title, cancel_text, correction_title, correction_text)
SELECT id, 1, 'en',
    'Missing person',
    'Urgent notice: missing is {name}, {age} years old, {description}, last seen at {place} at {time}. Whoever knows more call {phone} at once.',
    'Urgent notice. A person is missing. Whoever knows more tell the police of the commune at once.',
    'The missing person was found',
    'Notice. The missing person was found. Thank you for your help.',
    'Correction of the search notice',
    'Correction. The search notice just given was not right in parts. The next notice follows.'
FROM alarm_templates WHERE unit_id = 0 AND hazard = 'missing';

INSERT INTO alarm_template_texts (template_id, place, language, title, text, short_text, cancel_title, cancel_text, correction_title, correction_text)
SELECT id, 0, 'vi',
    'Khẩn cấp',
    'Khẩn cấp. {message}',
    'Khẩn cấp. Bà con chú ý nghe thông báo của xã và làm theo hướng dẫn.',
    'Hết tình huống khẩn cấp',
    'Thông báo. Tình huống khẩn cấp đã qua. Bà con trở lại sinh hoạt bình thường.',
    'Đính chính',
    'Đính chính. Tin khẩn cấp vừa phát có chỗ chưa đúng. Bà con chờ thông báo mới ngay sau đây.'
FROM alarm_templates WHERE unit_id = 0 AND hazard = 'other';

INSERT INTO alarm_template_texts (template_id, place, language, title, text, short_text, cancel_title, cancel_text, correction_title, correction_text)
SELECT id, 1, 'en',
    'Emergency',
    'Emergency. {message}',
    'Emergency. Listen to the notices of the commune and follow them.',
    'The emergency is over',
    'Notice. The emergency is over. Life may go on as usual.',
    'Correction',
    'Correction. The emergency notice just given was not right in parts. The next notice follows.'
FROM alarm_templates WHERE unit_id = 0 AND hazard = 'other';

INSERT INTO alarm_template_texts (template_id, place, language, title, text, short_text, cancel_title, cancel_text, correction_title, correction_text)
SELECT id, 0, 'vi',
    'Diễn tập',
    'Đây là diễn tập, không phải tình huống thật. Diễn tập {name} tại {place}. Xin nhắc lại, đây chỉ là diễn tập. Bà con giữ bình tĩnh.',
    'Đây là diễn tập, không phải tình huống thật. Xin nhắc lại, đây chỉ là diễn tập. Bà con giữ bình tĩnh.',
    'Kết thúc diễn tập',
    'Thông báo. Diễn tập đã kết thúc. Cảm ơn bà con.',
    'Đính chính diễn tập',
    'Đính chính. Tin vừa phát là diễn tập, không phải tình huống thật.'
FROM alarm_templates WHERE unit_id = 0 AND hazard = 'drill';

INSERT INTO alarm_template_texts (template_id, place, language, title, text, short_text, cancel_title, cancel_text, correction_title, correction_text)
SELECT id, 1, 'en',
    'Drill',
    'This is a drill, not a real emergency. Drill {name} at {place}. Again: this is only a drill. Please stay calm.',
    'This is a drill, not a real emergency. Again: this is only a drill. Please stay calm.',
    'End of the drill',
    'Notice. The drill is over. Thank you.',
    'Correction of the drill',
    'Correction. What was just said is a drill, not a real emergency.'
FROM alarm_templates WHERE unit_id = 0 AND hazard = 'drill';
