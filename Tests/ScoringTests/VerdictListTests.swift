import Scoring
import Testing

@Suite struct VerdictListTests {
    @Test func aListOfTheRightLengthIsRead() {
        #expect(VerdictList.parse("[1, 0, 1]", count: 3) == [true, false, true])
        #expect(VerdictList.parse("Sure: [1,0,\n1] as asked.", count: 3) == [true, false, true])
        #expect(VerdictList.parse("[0, 0, 0] no, [1, 1, 0]", count: 3) == [true, true, false])
        #expect(VerdictList.parse("[[1, 0, 1]]", count: 3) == [true, false, true])
    }

    @Test func whatIsNeitherZeroNorOneIsMissing() {
        #expect(VerdictList.parse("[1, maybe, 0]", count: 3) == [true, nil, false])
        #expect(VerdictList.parse("[1, , 0]", count: 3) == [true, nil, false])
        #expect(VerdictList.parse("[1, 2, 0.5]", count: 3) == [true, nil, nil])
    }

    @Test(arguments: ["", "[1, 0]", "[1, 0, 1, 1]", "1, 0, 1", "[1, 0, 1", "[a, b, c]", "][", "[]"])
    func aListOfAnotherLengthSaysNothing(answer: String) {
        #expect(VerdictList.parse(answer, count: 3) == [nil, nil, nil])
    }

    @Test func aBareNumberIsAVerdictOnOneExampleOnly() {
        #expect(VerdictList.parse(" 1\n", count: 1) == [true])
        #expect(VerdictList.parse("[0]", count: 1) == [false])
        #expect(VerdictList.parse("10", count: 1) == [nil])
        #expect(VerdictList.parse("1", count: 2) == [nil, nil])
    }
}
