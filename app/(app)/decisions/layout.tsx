export { ReadingWidth as default } from '@/components/ui/reading-width';
