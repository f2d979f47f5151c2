import Testing

@testable import Serving

@Suite struct ConnectionPlacesTests {
    private func places(_ count: Int, of limit: Int) -> (ConnectionPlaces, [ConnectionPlaces.ID]) {
        var places = ConnectionPlaces(limit: limit)
        let ids = (0..<count).map { _ in
            places.accepted()
            return places.entered()
        }
        return (places, ids)
    }

    @Test func nobodyLeavesWhileThereIsAPlace() {
        var (places, _) = places(2, of: 3)
        let hasRoom = places.hasRoom()
        #expect(hasRoom)
        #expect(places.makeRoom() == nil)
    }

    @Test func nobodyLeavesForWhoHasNotCome() {
        var (places, _) = places(3, of: 3)
        #expect(places.makeRoom() == nil)
    }

    @Test func whoHasWaitedLongestLeavesFirst() {
        var (places, ids) = places(3, of: 3)
        places.changed(ids[0], isWaiting: false)
        // It waits again, since a moment.
        places.changed(ids[0], isWaiting: true)
        var left: [ConnectionPlaces.ID] = []
        for _ in 0..<3 {
            let isFull = !places.hasRoom()
            #expect(isFull)
            guard let id = places.makeRoom() else { break }
            left.append(id)
            places.closed()
            places.left(id)
            let hasRoom = places.hasRoom()
            #expect(hasRoom)
            places.accepted()
            places.changed(places.entered(), isWaiting: false)
        }
        #expect(left == [ids[1], ids[2], ids[0]])
    }

    @Test func whoIsBeingAnsweredStaysUntilItWaits() {
        var (places, ids) = places(2, of: 2)
        for id in ids { places.changed(id, isWaiting: false) }
        let hasRoom = places.hasRoom()
        #expect(!hasRoom)
        #expect(places.makeRoom() == nil)
        places.changed(ids[1], isWaiting: true)
        #expect(places.makeRoom() == ids[1])
    }

    @Test func whoHasOnlyJustComeIsNotTheFirstToLeave() {
        var places = ConnectionPlaces(limit: 2)
        places.accepted()
        places.accepted()
        let hasRoom = places.hasRoom()
        #expect(!hasRoom)
        let first = places.entered()
        // The other is on its way in, and may have waited longer.
        #expect(places.makeRoom() == nil)
        _ = places.entered()
        #expect(places.makeRoom() == first)
    }

    @Test func oneLeavesForEachPlaceThatIsAskedFor() {
        var (places, ids) = places(3, of: 3)
        _ = places.hasRoom()
        #expect(places.makeRoom() == ids[0])
        // Asked again before it is gone.
        let hasRoom = places.hasRoom()
        #expect(!hasRoom)
        #expect(places.makeRoom() == nil)
        places.left(ids[0])
        places.closed()
        let hasRoomThen = places.hasRoom()
        #expect(hasRoomThen)
    }
}
