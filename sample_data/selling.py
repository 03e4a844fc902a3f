"""Orders of the day: where they are served from, what is promised and set aside, what leaves and what has to wait."""

from sample_data.days import Workdays
from sample_data.demand import NOT_ASKED, REAL
from sample_data.exact import UNIT
from sample_data.firm import OUTSIDE, Firm, Move, Return, SalesLine, Shipment
from sample_data.network import TRANSFER
from sample_data.places import PLACES

HANDLING = 2
# (country of the place, country of the customer) -> days on the road
ROAD = {(0, 0): 1, (0, 1): 2, (1, 1): 1, (1, 0): 2, (2, 2): 2}
LATE_ON_ROAD, COMES_BACK, LEAKING_COMES_BACK = 0.05, 0.016, 0.5
LEAKS = 5
PROMPT, NEARLY_PROMPT = 0.74, 0.96
PATIENCE = 21
PARTS_AT_MOST = 2


class Selling:
    """The steps of a day that concern customers."""

    def __init__(self, firm: Firm) -> None:
        self.firm = firm
        self.random = firm.plan.random("selling")
        self.regions = [region for region, _ in firm.demand.customers.homes]
        self.open: dict[int, list[SalesLine]] = {}
        self.first_order = 0

    def take_orders(self, day: int) -> None:
        """The day's orders are taken: each line gets a place, a promise, and what is free there."""
        demand = self.firm.demand
        while self.first_order < len(demand.day) and demand.day[self.first_order] == day:
            if demand.state[self.first_order] == REAL:
                self._take(self.first_order, day)
            self.first_order += 1

    def _take(self, order: int, day: int) -> None:
        demand = self.firm.demand
        indexes = range(demand.first_line[order], demand.first_line[order + 1])
        lines = [self._line(order, index, day) for index in indexes if demand.is_goods[index]]
        self.open[order] = lines
        for line in lines:
            self.firm.record.sales[line.index] = line
            self.firm.drawn[day, line.node] += line.quantity
            self.firm.backlog[line.node] += line.quantity
            self.firm.waiting[line.node].append(line)
            for part, needed in self._parts(line):
                self.firm.drawn[day, part] += needed
                self.firm.committed[part] += needed
            self.allocate(line.node, day)

    def _parts(self, line: SalesLine) -> list[tuple[int, int]]:
        """The parts of a line of kits, and how much of each it takes; nothing for other lines."""
        return [(part, each * line.quantity // UNIT) for part, each in self.firm.network.contents.get(line.node, ())]

    def _line(self, order: int, index: int, day: int) -> SalesLine:
        quantity = int(self.firm.demand.quantity[index])
        node = self._served_from(order, int(self.firm.demand.product[index]), quantity)
        wanted = self._wanted(order, day)
        promised = max(self._promise(order, node, quantity, day), wanted)
        leaves_from = wanted - self._road(node, order) - 2 if wanted > day else day
        return SalesLine(index, order, node, quantity, leaves_from, promised, promised)

    def _served_from(self, order: int, product: int, quantity: int) -> int:
        """The customer's own region, or the product's home when only that has enough."""
        firm, company = self.firm, int(self.firm.demand.company[order])
        near = firm.network.nearest(company, product, self.regions[firm.demand.customer[order]])
        home = firm.network.home[company, product]
        return home if firm.free(near) < quantity <= firm.free(home) else near

    def _wanted(self, order: int, day: int) -> int:
        asked = int(self.firm.demand.requested_in[order])
        return day if asked == NOT_ASKED else self._customer_days(order).next(day + asked)

    def _customer_days(self, order: int) -> Workdays:
        return self.firm.calendars[self.firm.demand.country[order]]

    def _road(self, node: int, order: int) -> int:
        place = PLACES[self.firm.network.nodes[node].place]
        return ROAD[place.country, int(self.firm.demand.country[order])]

    def _promise(self, order: int, node: int, quantity: int, day: int) -> int:
        """Two working days when it is there; else what the product usually takes to come."""
        place = self.firm.network.nodes[node].place
        enough = self.firm.free(node) >= quantity
        leaves = self.firm.calendar(place).after(day, HANDLING) if enough else day + self._usual_wait(node, quantity)
        return self._customer_days(order).next(leaves + self._road(node, order))

    def _usual_wait(self, index: int, quantity: int) -> int:
        node = self.firm.network.nodes[index]
        if node.way == TRANSFER and self.firm.free(node.source) < quantity:
            return node.lead + self._usual_wait(node.source, quantity)
        return node.lead + 4

    def allocate(self, node: int, day: int) -> None:
        """What is on hand is set aside for those who wait, first come first served."""
        if node in self.firm.network.contents:
            self._allocate_kits(node, day)
            return
        firm, waiting = self.firm, self.firm.waiting[node]
        free = int(firm.on_hand[node] - firm.allocated[node])
        while waiting and free > 0:
            line = waiting[0]
            taken = min(free, line.missing)
            free -= taken
            line.allocated += taken
            firm.allocated[node] += taken
            firm.backlog[node] -= taken
            if line.missing:
                return
            waiting.popleft()
            self._is_ready(line, day)

    def fill_kits(self, day: int) -> None:
        """Kits that wait get their parts where these have come."""
        for node in self.firm.network.contents:
            self._allocate_kits(node, day)

    def _allocate_kits(self, node: int, day: int) -> None:
        """A line of kits gets all its parts at once, or none."""
        firm, waiting = self.firm, self.firm.waiting[node]
        while waiting and all(firm.free(part) >= needed for part, needed in self._parts(waiting[0])):
            line = waiting.popleft()
            for part, needed in self._parts(line):
                firm.committed[part] -= needed
                firm.allocated[part] += needed
            firm.backlog[node] -= line.quantity
            line.allocated = line.quantity
            self._is_ready(line, day)

    def _is_ready(self, line: SalesLine, day: int) -> None:
        if not self.firm.demand.wants_all[line.order]:
            self._pick(line, day)
        elif all(other.missing == 0 for other in self.open[line.order]):
            for other in self.open[line.order]:
                self._pick(other, day)

    def _pick(self, line: SalesLine, day: int) -> None:
        if not line.is_picked and not line.is_cancelled:
            line.is_picked = True
            draw = self.random.random()
            steps = 1 + (draw > PROMPT) + (draw > NEARLY_PROMPT)
            calendar = self.firm.calendar(self.firm.network.nodes[line.node].place)
            leaves = max(calendar.after(day, steps), calendar.next(line.leaves_from))
            self.firm.picks[leaves].append(line)

    def recall(self, day: int) -> None:
        """Where the story empties a shelf, what lies there goes back to its maker, and who waits for it waits on."""
        for shelf in self.firm.story.empty_shelves:
            if shelf.first == day:
                for node in self.firm.network.stocked[shelf.company, shelf.product]:
                    self._take_back(node)
                    self._empty(node, day)

    def _take_back(self, node: int) -> None:
        """Nothing of the node is set aside any more."""
        promised = [line for lines in self.open.values() for line in lines if line.node == node and line.allocated]
        for line in promised:
            if not line.missing:
                self.firm.waiting[node].appendleft(line)
            self.firm.allocated[node] -= line.allocated
            self.firm.backlog[node] += line.allocated
            line.allocated = 0

    def _empty(self, node: int, day: int) -> None:
        item, level = self.firm.network.nodes[node], int(self.firm.on_hand[node])
        if level > 0:
            self.firm.on_hand[node] = 0
            move = Move("scrap", item.product, item.location, OUTSIDE, level, day, 480)
            self.firm.scrap(move, "Recalled by the maker")

    def ship(self, day: int) -> None:
        """What was picked for the day leaves: one shipment for each order and place."""
        parcels: dict[tuple[int, int], list[SalesLine]] = {}
        for line in self.firm.picks.pop(day, ()):
            line.is_picked = False
            if line.allocated and not line.is_cancelled:
                parcels.setdefault((line.order, self.firm.network.nodes[line.node].place), []).append(line)
        for (order, place), lines in parcels.items():
            self._send(order, place, lines, day)

    def _send(self, order: int, place: int, lines: list[SalesLine], day: int) -> None:
        record, random = self.firm.record, self.random
        late = int(random.integers(1, 5)) if random.random() < LATE_ON_ROAD else 0
        road = ROAD[PLACES[place].country, int(self.firm.demand.country[order])]
        arrives = self._customer_days(order).next(day + road + late)
        shipment = Shipment(len(record.shipments), order, place, day, int(random.integers(840, 1020)), arrives)
        record.shipments.append(shipment)
        for line in lines:
            self._leave(shipment, line)

    def _leave(self, shipment: Shipment, line: SalesLine) -> None:
        quantity = line.allocated
        for part, amount in self._parts(line) or [(line.node, quantity)]:
            node = self.firm.network.nodes[part]
            move = Move(
                "delivery", node.product, node.location, OUTSIDE, amount, shipment.day, shipment.minute,
                sales_line=line.index, document=shipment.index,
            )  # fmt: skip
            self.firm.take_out(node, move)
            self.firm.allocated[part] -= amount
        shipment.lines.append((line, quantity))
        line.shipped += quantity
        line.allocated = 0
        line.parts += 1
        if not self._parts(line):
            self._perhaps_returned(shipment, line, quantity)

    def _perhaps_returned(self, shipment: Shipment, line: SalesLine, quantity: int) -> None:
        """Some of what was delivered comes back; of what leaks, much more, and of what was recalled nothing."""
        product = self.firm.network.nodes[line.node].product
        draw, after = self.random.random(), int(self.random.integers(3, 21))
        day = self.firm.calendar(shipment.place).next(shipment.delivered + after)
        leaks = self.firm.story.leaks(product, day) * LEAKING_COMES_BACK
        if draw < COMES_BACK + leaks and day <= self.firm.plan.last and not self.firm.story.is_recalled(product):
            some = max(1, int(quantity // 1000 * self.random.choice([0.2, 0.5, 1.0]))) * 1000
            reason = LEAKS if draw < leaks else int(self.random.integers(LEAKS))
            self.firm.record.returns.append(Return(line, min(some, quantity), day, shipment.place, reason))

    def chase(self, day: int) -> None:
        """What waits: dates are moved, parts are sent, and some customers cancel."""
        for waiting in self.firm.waiting:
            for line in tuple(waiting):
                self._chase(line, day)

    def _chase(self, line: SalesLine, day: int) -> None:
        if line.promised < day and self.random.random() < 0.3:
            line.promised = self._customer_days(line.order).next(day + int(self.random.integers(3, 12)))
        if day - line.first_promised > PATIENCE and self.random.random() < 0.06:
            self._cancel(line.order, day)
        elif self._may_be_split(line, day):
            self._pick(line, day)

    def _may_be_split(self, line: SalesLine, day: int) -> bool:
        due = line.first_promised <= day + 1
        return line.allocated > 0 and due and line.parts < PARTS_AT_MOST and not self.firm.demand.wants_all[line.order]

    def _cancel(self, order: int, day: int) -> None:
        """An order for goods of which nothing was delivered is cancelled; what was set aside for it is free again."""
        lines = self.open[order]
        count = int(self.firm.demand.first_line[order + 1] - self.firm.demand.first_line[order])
        if any(line.shipped or line.is_cancelled for line in lines) or len(lines) < count:
            return
        self.firm.record.cancelled_orders[order] = day
        for line in lines:
            self._release(line)
        for line in lines:
            self.allocate(line.node, day)

    def _release(self, line: SalesLine) -> None:
        firm = self.firm
        if line.missing:
            firm.waiting[line.node].remove(line)
            firm.backlog[line.node] -= line.missing
        for part, needed in self._parts(line):
            firm.committed[part] -= needed if line.missing else 0
            firm.allocated[part] -= 0 if line.missing else needed
        firm.allocated[line.node] -= 0 if self._parts(line) else line.allocated
        line.allocated = 0
        line.is_cancelled = True
