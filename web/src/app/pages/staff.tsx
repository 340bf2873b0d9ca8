import "@/ui/forms";
import { learn } from "@/lib/words";
import { staffWords } from "@/lib/words/staff";
import { useParams } from "@tanstack/react-router";
import { DepartmentPage } from "@/features/staff/DepartmentPage";
import { Departments } from "@/features/staff/Departments";
import { People } from "@/features/staff/People";
import { PersonPage } from "@/features/staff/PersonPage";
import { Profile } from "@/features/staff/Profile";

learn({ ...staffWords });

export function PeopleRoute() {
  return <People />;
}

export function PersonRoute() {
  return <PersonPage id={useParams({ from: "/inside/people/$person" }).person} />;
}

export function DepartmentsRoute() {
  return <Departments />;
}

export function DepartmentRoute() {
  return <DepartmentPage id={useParams({ from: "/inside/departments/$department" }).department} />;
}

export function ProfileRoute() {
  return <Profile />;
}
