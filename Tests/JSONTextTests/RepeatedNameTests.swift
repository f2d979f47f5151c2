import JSONText
import Testing

@Suite struct RepeatedNameTests {
    private func object(_ names: some Sequence<String>) -> [UInt8] {
        Array(("{" + names.map { "\"\($0)\":0" }.joined(separator: ",") + "}").utf8)
    }

    @Test func aNameThatComesTwiceIsRefusedWhereItComesAgain() {
        #expect(
            readingError(Array(#"[{"a":{"a":1}, "\u0061" :2}]"#.utf8))?.reason
                == #"Not JSON: expected each name once in an object at byte 15, found "\"\\u0061\" :2}"."#)
    }

    @Test func itIsKeptIfTheCallerRefusesIt() throws {
        let value = try JSONValue(json: Array(#"{"a":1,"b":3,"a":2}"#.utf8), repeatedNames: .kept)
        #expect(value.object?.map(\.value.integer) == [1, 3, 2] && value["a"]?.integer == 1)
    }

    @Test func theLastIsTakenWhereTheFirstWas() throws {
        let text = #"{"a":1,"b":{"c":1,"c":[2],"c":3},"a":2,"d":4,"a":null}"#
        let value = try JSONValue(json: Array(text.utf8), repeatedNames: .lastTaken)
        #expect(value.text == #"{"a":null,"b":{"c":3},"d":4}"#)
    }

    /// As Foundation's reader of Python's rule would, name by name.
    @Test(arguments: [1, 7, 8, 9, 21, 22, 500]) func theLastIsTakenAmongFewAndMany(count: Int) throws {
        let names = (0..<3 * count).map { "name \($0 * 7 % count)" }
        let text = "{" + names.enumerated().map { "\"\($1)\":\($0)" }.joined(separator: ",") + "}"
        let value = try JSONValue(json: Array(text.utf8), repeatedNames: .lastTaken)
        var last: [String: Int] = [:]
        for (index, name) in names.enumerated() { last[name] = index }
        #expect(value.object?.count == last.count)
        for (name, index) in last { #expect(value[name]?.integer == index) }
    }

    @Test(arguments: [1, 7, 8, 9, 21, 22, 500])
    func everyRepeatIsFoundAmongFewAndMany(count: Int) throws {
        let names = (0..<count).map { "name \($0)" }
        #expect(readingError(object(names)) == nil)
        for index in Set([0, count / 2, count - 1]) {
            let bytes = object(names + [names[index]])
            #expect(readingError(bytes)?.offset == object(names).count)
            #expect(readingError(bytes, .kept) == nil)
        }
    }

    @Test func namesThatDifferInBytesOnlyAreTwo() {
        let names = ["\u{e9}", "e\u{301}", "\u{212b}", "\u{c5}", "A\u{30a}", "", "a", "b"]
        #expect(readingError(object(names)) == nil)
        #expect(readingError(object((0..<10).map { "\($0)" } + names)) == nil)
        #expect(readingError(object((0..<10).map { "\($0)" } + names + ["e\u{301}"])) != nil)
    }

    @Test func objectsSideBySideDoNotShareNames() {
        #expect(readingError(Array(#"[{"a":1},{"a":{"a":2}},{"a":3}]"#.utf8)) == nil)
    }
}
