"""Geozones in ED-269's JSON."""
from . import plan

AUTHORITY = {"name": "Yanwan Low-Altitude Office (invented)", "contactName": "Duty officer",
             "siteURL": "https://yanwan.example/low-altitude", "email": "duty@yanwan.example"}
HELIPORT_RADIUS_M, STADIUM_RADIUS_M = 190, 260


def zone(identifier, name, restriction, reason, message, projection, limits, **more):
    (lower, lower_reference), (upper, upper_reference) = limits
    return {
        "identifier": identifier, "country": "XXX", "name": name, "type": "COMMON", "restriction": restriction,
        **({"restrictionConditions": more["conditions"]} if "conditions" in more else {}),
        "reason": [reason], **({"otherReasonInfo": more["other"]} if "other" in more else {}), "message": message,
        "applicability": [more.get("applicability", {"permanent": "YES"})],
        "zoneAuthority": [{**AUTHORITY, "purpose": more.get("purpose", "INFORMATION")}],
        "geometry": [{"uomDimensions": "M", "lowerLimit": lower, "lowerVerticalReference": lower_reference,
                      "upperLimit": upper, "upperVerticalReference": upper_reference,
                      "horizontalProjection": projection}]}


def circle(to_lon_lat, u, v, radius):
    return {"type": "Circle", "center": to_lon_lat(u, v), "radius": radius}


def area(to_lon_lat, outline):
    ring = [to_lon_lat(u, v) for u, v in outline]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def all_zones(to_lon_lat):
    matches = {"permanent": "NO", "startDateTime": "2026-01-01T00:00:00.00Z", "endDateTime": "2036-01-01T00:00:00.00Z",
               "schedule": [{"day": ["WED"], "startTime": "11:00:00.00Z", "endTime": "14:00:00.00Z"},
                            {"day": ["SAT", "SUN"], "startTime": "06:00:00.00Z", "endTime": "14:30:00.00Z"}]}
    terminal = next(outline for name, _, _, outline in plan.DISTRICTS if name == "Container Terminal")
    return {
        "title": "Yanwan geozones",
        "description": "An invented district: these zones exist nowhere.",
        "features": [
            zone("YWHELI1", "Yanwan Hospital heliport", "PROHIBITED", "AIR_TRAFFIC",
                 "Rescue helicopters at any hour", circle(to_lon_lat, *plan.HOSPITAL[1:3], HELIPORT_RADIUS_M),
                 ((0, "AGL"), (150, "AGL"))),
            zone("YWAPP09", "Airport approach", "PROHIBITED", "AIR_TRAFFIC",
                 "Approach from the east: stay below 60 m above ground", area(to_lon_lat, plan.APPROACH),
                 ((60, "AGL"), (600, "AMSL"))),
            zone("YWSTAD1", "Yanwan Stadium on match days", "PROHIBITED", "OTHER",
                 "No flights over the stadium on Wednesday evenings and at weekends (times are UTC)",
                 circle(to_lon_lat, *plan.STADIUM[1:3], STADIUM_RADIUS_M), ((0, "AGL"), (200, "AGL")),
                 applicability=matches, other="Crowds on match days"),
            zone("YWPORT1", "Container Terminal", "REQ_AUTHORISATION", "SENSITIVE",
                 "Ask the port's control room", area(to_lon_lat, terminal), ((0, "AGL"), (120, "AGL")),
                 conditions="Authorisation of the port's control room", purpose="AUTHORIZATION"),
        ]}
